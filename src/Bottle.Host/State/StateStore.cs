using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.State;

/// <summary>The runs' folders of a home: made whole and locked, found, removed. Names that begin with a point are folders on their way in or out.</summary>
public sealed class StateStore(BottleHome home, ICommandRunner runner)
{
    /// <summary>What the mark says of a run that was left up: a stage was asked for, and no more.</summary>
    public const string StoppedAfter = "stopped after ";

    private const string Arriving = ".new-";
    private const string Leaving = ".removed-";

    /// <summary>
    /// Makes the folder of a run (0700), owned: its lock is held before anybody can see it, so that no reaper takes it for a left-over. Of two that make the same identity one gets BTL3102.
    /// </summary>
    public StateDirectory Create(string identity)
    {
        var path = home.State(identity);
        SafeFolder.Create(home.StateRoot);
        var arriving = Hidden(Arriving, identity);
        SafeFolder.Create(arriving);
        RunLock? ownership = null;
        try
        {
            ownership = RunLock.TryTake(arriving)!;
            Directory.Move(arriving, path);
            return new StateDirectory(identity, path, ownership);
        }
        catch (Exception e)
        {
            ownership?.Dispose();
            Directory.Delete(arriving, recursive: true);
            if (e is IOException)
                throw new BottleException(Directory.Exists(path) ? StateErrors.IdentityTaken(identity) : StateErrors.CannotWrite(path, e.Message), e);
            throw;
        }
    }

    /// <summary>The folder of a run to read, without its lock; null when there is none.</summary>
    public StateDirectory? Open(string identity) =>
        NativeFile.Look(home.State(identity)) is { IsDirectory: true } ? new StateDirectory(identity, home.State(identity), null) : null;

    /// <summary>The folder of a run, owned; null when there is none or somebody else owns it.</summary>
    public StateDirectory? TryOwn(string identity) =>
        Open(identity) is { } state && RunLock.TryTake(state.Path) is { } ownership ? new StateDirectory(identity, state.Path, ownership) : null;

    /// <summary>Whether a living process owns the run.</summary>
    public bool IsHeld(string identity) => RunLock.IsHeld(home.State(identity));

    /// <summary>How a run stands, as lists show it: <c>running</c>, <c>detached</c>, <c>left up on purpose</c>, <c>kept</c> (its state alone) or <c>killed</c>.</summary>
    public string Standing(string identity) =>
        Open(identity) is not { } state ? "killed"
        : IsHeld(identity) ? File.Exists(state[StateLayout.TerminalSocket]) ? "detached" : "running"
        : !state.IsPreserved ? "killed"
        : state.PreservedBecause.StartsWith(StoppedAfter, StringComparison.Ordinal) ? "left up on purpose" : "kept";

    /// <summary>The identities that have a folder, in ordinal order.</summary>
    public IReadOnlyList<string> ListIdentities() =>
        Directory.Exists(home.StateRoot)
            ? [.. new DirectoryInfo(home.StateRoot).EnumerateDirectories().Where(d => d.LinkTarget is null && Identity.IsValid(d.Name)).Select(d => d.Name).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Removes the folder of a run that nobody else owns; no folder is no error, an owned one is BTL3104, what cannot be deleted BTL3108.</summary>
    public async Task RemoveAsync(string identity, CancellationToken cancellationToken = default)
    {
        using var state = TryOwn(identity);
        if (state is not null)
            await RemoveAsync(state, cancellationToken).ConfigureAwait(false);
        else if (Open(identity) is not null)
            throw new BottleException(StateErrors.RunIsAlive(identity, RunLock.Holder(home.State(identity))));
    }

    /// <summary>Removes an owned folder, and what earlier removals had to leave. Links are removed, never followed.</summary>
    public async Task RemoveAsync(StateDirectory owned, CancellationToken cancellationToken = default)
    {
        if (!owned.IsOwned)
            throw new ArgumentException("The run is not owned", nameof(owned));
        if (Directory.Exists(owned.Path))
            Directory.Move(owned.Path, Hidden(Leaving, owned.Identity));
        foreach (var folder in Directory.EnumerateDirectories(home.StateRoot, ".*").Where(IsRubbish).ToList())
            await FileTree.DeleteAsync(folder, runner, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>On its way out, or left on its way in by a process that died.</summary>
    private static bool IsRubbish(string folder) =>
        Path.GetFileName(folder) is var name && (name.StartsWith(Leaving, StringComparison.Ordinal) || (name.StartsWith(Arriving, StringComparison.Ordinal) && IsAbandoned(folder)));

    // Between making the folder and taking its lock a moment passes.
    private static bool IsAbandoned(string folder) => !RunLock.IsHeld(folder) && DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > TimeSpan.FromMinutes(1);

    private string Hidden(string prefix, string identity) => Path.Combine(home.StateRoot, $"{prefix}{identity}-{Guid.NewGuid():N}");
}
