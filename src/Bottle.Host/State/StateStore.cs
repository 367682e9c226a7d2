using System.Globalization;
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
        var (arriving, ownership) = Arrive(identity);
        try
        {
            Directory.Move(arriving, path);
            return new StateDirectory(identity, path, ownership);
        }
        catch (IOException e)
        {
            ownership.Dispose();
            Directory.Delete(arriving, recursive: true);
            throw new BottleException(Directory.Exists(path) ? StateErrors.IdentityTaken(identity) : StateErrors.CannotWrite(path, e.Message), e);
        }
    }

    private (string Folder, RunLock Ownership) Arrive(string identity)
    {
        for (; ; )
        {
            var arriving = Hidden(Arriving, identity);
            SafeFolder.Create(arriving);
            try
            {
                if (RunLock.TryTake(arriving) is { } ownership)
                    return (arriving, ownership);
            }
            catch (Exception e) when (e is IOException or BottleException)
            {
                // Somebody took it for rubbish, in the moment before it was locked: once more.
                if (!Directory.Exists(arriving))
                    continue;
                Directory.Delete(arriving, recursive: true);
                if (e is IOException)
                    throw new BottleException(StateErrors.CannotWrite(arriving, e.Message), e);
                throw;
            }
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

    /// <summary>How a run stands that has ended, and whose state stays to be gone on with.</summary>
    public const string Kept = "kept";

    /// <summary>How a run stands, as lists show it: <c>running</c>, <c>detached</c>, <c>left up on purpose</c>, <see cref="Kept"/> (its state alone) or <c>killed</c>.</summary>
    public string Standing(string identity) =>
        Open(identity) is not { } state ? "killed"
        : IsHeld(identity) ? File.Exists(state[StateLayout.TerminalSocket]) ? "detached" : "running"
        : !state.IsPreserved ? "killed"
        : state.PreservedBecause.StartsWith(StoppedAfter, StringComparison.Ordinal) ? "left up on purpose" : Kept;

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
        await RemoveRubbishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes folders on their way out, and those on their way in whose process died; BTL3108 what cannot be deleted.</summary>
    public async Task RemoveRubbishAsync(CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(home.StateRoot))
            return;
        foreach (var folder in Directory.EnumerateDirectories(home.StateRoot, Leaving + "*").ToList())
            await FileTree.DeleteAsync(folder, runner, cancellationToken).ConfigureAwait(false);
        foreach (var folder in Directory.EnumerateDirectories(home.StateRoot, Arriving + "*").ToList())
        {
            // Held while it is deleted, so that nobody who is just making it goes on with half of it.
            using var abandoned = File.Exists(Path.Combine(folder, StateLayout.Lock)) ? RunLock.TryTake(folder) : null;
            if (abandoned is not null || IsOfDeadProcess(folder))
                await FileTree.DeleteAsync(folder, runner, cancellationToken).ConfigureAwait(false);
        }
    }

    // Between making the folder and its lock a moment passes, in which its name alone says whose it is.
    private static bool IsOfDeadProcess(string folder) =>
        !RunLock.IsHeld(folder) && Path.GetFileName(folder).Split('-') is [.., var process, _] && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !ProcessSignal.IsAlive(id);

    private string Hidden(string prefix, string identity) => Path.Combine(home.StateRoot, $"{prefix}{identity}-{Environment.ProcessId}-{Guid.NewGuid():N}");
}
