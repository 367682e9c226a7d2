namespace Bottle.Host.Tests;

/// <summary>A folder of one test, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bottle-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
