using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>Bounds of what is taken home. What is beyond them stays where it is, and so does the run's state.</summary>
/// <param name="NewFiles">How many files and folders that were not there, and that git does not ignore.</param>
/// <param name="Bytes">Of the contents before and after together.</param>
public sealed record WorkLimits(int NewFiles = 100_000, long Bytes = 1024L * 1024 * 1024);

/// <summary>
/// Saves what an agent changed in its copied directory: <c>runs/&lt;identity&gt;/work.patch</c> and <c>work.json</c> (SPEC N9, B8). The container is paused meanwhile; it needs not to be there any more.
/// </summary>
public sealed class WorkSaver(BottleHome home, DockerEngine engine, TimeProvider time)
{
    private readonly ICommandRunner runner = engine.Runner;

    /// <summary>The bounds.</summary>
    public WorkLimits Limits { get; init; } = new();

    /// <summary>Saves, and returns what; null when nothing was copied for this run. BTL5506 when it fails: the state must then be kept.</summary>
    public async Task<WorkRecord?> SaveAsync(StateDirectory state, CancellationToken cancellationToken = default)
    {
        try
        {
            if (Baseline.Open(state[StateLayout.WorkIndex], state[StateLayout.WorkPack]) is not { } baseline || NativeFile.Look(state[StateLayout.AgentWork]) is not { IsDirectory: true })
                return null;
            await using var stillness = await PausedContainer.OfAsync(engine, new BottleNames(state.Identity).Container("agent"), cancellationToken).ConfigureAwait(false);
            return await WriteAsync(state, baseline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BottleException)
        {
            var reason = e is BottleException known ? known.Diagnostics[0].Message : e.Message;
            throw new BottleException(WorkspaceErrors.SaveFailed(state.Identity, state[StateLayout.AgentWork], reason), e);
        }
    }

    /// <summary>Refuses to take a part for the whole: BTL5514 when something was not taken home, so that the state must be kept.</summary>
    public static void RequireWhole(StateDirectory state, WorkRecord record)
    {
        if (record.NotTaken > 0)
            throw new BottleException(WorkspaceErrors.SavedInPart(state.Identity, state[StateLayout.AgentWork], record.NotTaken));
    }

    private async Task<WorkRecord> WriteAsync(StateDirectory state, Baseline baseline, CancellationToken cancellationToken)
    {
        var tree = state[StateLayout.AgentWork];
        var folder = Path.Combine(state[StateLayout.WorkDirectory], $"save-{Guid.NewGuid():N}");
        SafeFolder.Create(folder);
        try
        {
            var found = await new WorkScan(tree, baseline, await IgnoreRules.OfAsync(runner, baseline.Source, cancellationToken).ConfigureAwait(false), Limits).RunAsync(cancellationToken).ConfigureAwait(false);
            var patch = Path.Combine(folder, RunRecords.WorkPatch);
            var files = await new WorkPatch(runner, tree, baseline, Limits.Bytes).WriteAsync(found.Changes, folder, patch, cancellationToken).ConfigureAwait(false);
            var record = new WorkRecord
            {
                Directory = baseline.Source,
                SavedAt = time.GetUtcNow(),
                Files = Join(files, patch, found, new WorkFlags(tree, baseline)),
                LeftBehind = found.LeftBehind,
                Unnamed = found.Unnamed,
                NotTaken = found.NotTaken,
                Ignored = found.Ignored,
                SetId = found.SetId,
            };
            new RunRecords(home, time).WriteWork(state.Identity, patch, record.Write());
            return record;
        }
        finally
        {
            await FileTree.DeleteAsync(folder, runner, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static List<WorkFile> Join(IReadOnlyList<(string Path, string Change)> files, string patch, WorkFindings found, WorkFlags flags)
    {
        using var stream = File.OpenRead(patch);
        var parts = PatchParts.Cut(stream);
        // A kind that changed (a link became a file) is two parts of one name: git lists it once.
        var changes = found.Changes.ToDictionary(change => change.Path, StringComparer.Ordinal);
        var joined = new List<WorkFile>();
        var next = 0;
        foreach (var (path, change) in files)
        {
            var part = parts[next++];
            var what = changes[path];
            if (what.Before is { } before && what.ModeNow is { } mode && (before.Mode == GitModes.Link) != (mode == GitModes.Link))
            {
                var second = parts[next++];
                part = new PatchPart(part.Offset, part.Length + second.Length, part.Added + second.Added, part.Removed + second.Removed);
            }
            joined.Add(new WorkFile(path, change, part.Offset, part.Length, part.Added, part.Removed, flags.Of(what)));
        }
        return next == parts.Count ? joined : throw new IOException("git's patch does not hold what git lists");
    }
}
