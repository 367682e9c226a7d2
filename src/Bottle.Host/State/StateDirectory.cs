using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>The folder of one run, <c>state/&lt;identity&gt;/</c>.</summary>
public sealed class StateDirectory : IDisposable
{
    private readonly RunLock? ownership;

    internal StateDirectory(string identity, string path, RunLock? ownership)
    {
        Identity = identity;
        Path = path;
        this.ownership = ownership;
    }

    /// <summary>The run.</summary>
    public string Identity { get; }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Whether this object holds the run's lock.</summary>
    public bool IsOwned => ownership is not null;

    /// <summary>Whether the state is kept after the end (SPEC B4).</summary>
    public bool IsPreserved => NativeFile.Look(Marker) is not null;

    /// <summary>Why the state is kept, as it was said then; empty when it is not.</summary>
    public string PreservedBecause => SafeReading.Read(Marker, 4096) is var (content, _) ? System.Text.Encoding.UTF8.GetString(content).Trim() : "";

    /// <summary>What the run's owner said last that it was doing; of a run that is owned by nobody, what it was killed in.</summary>
    public string Doing => RunLock.Said(Path);

    /// <summary>Says what this owner of the run is doing, for who only looks.</summary>
    /// <exception cref="InvalidOperationException">The run is not owned by this object.</exception>
    public void Say(string doing) => (ownership ?? throw new InvalidOperationException($"{Identity} is not owned")).Say(doing);

    private string Marker => System.IO.Path.Combine(Path, StateLayout.PreserveMarker);

    /// <summary>The full path of a file of <see cref="StateLayout"/>.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes for the user that containers run as; null leaves everything to the operator.</summary>
    public StateWriter Writer(RunAs? owner) => new(Path, owner);

    /// <summary>Keeps the state after the end; the reason is for people.</summary>
    public void Preserve(string reason) => AtomicFile.Write(Marker, reason + "\n", AtomicFile.Plain);

    /// <summary>Lets the state go again: a new launch begins.</summary>
    public void ClearPreserve() => File.Delete(Marker);

    /// <summary>What the run is; null when it was never written; BTL3107 when it cannot be read.</summary>
    public Metadata? ReadMetadata() => Metadata.Read(this[StateLayout.Metadata]);

    /// <summary>Writes what the run is.</summary>
    public void WriteMetadata(Metadata metadata) => metadata.Write(this[StateLayout.Metadata]);

    /// <summary>Frees the lock.</summary>
    public void Dispose() => ownership?.Dispose();
}
