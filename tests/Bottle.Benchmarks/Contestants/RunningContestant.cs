using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>A contestant that has been started.</summary>
/// <param name="Target">How clients reach the origin through it.</param>
/// <param name="Child">Its process, or null for the direct way.</param>
/// <param name="Folder">Its files, or empty.</param>
internal sealed record RunningContestant(Target Target, Child? Child, string Folder) : IDisposable
{
    public void Dispose() => Child?.Dispose();
}
