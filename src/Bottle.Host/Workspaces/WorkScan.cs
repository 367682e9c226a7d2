using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>
/// Looks through the agent's directory for what is not as it was copied. Hostile ground: no link is followed, nothing but a folder is opened, and what is remembered of it is bounded, however much is there: what is
/// beyond the bounds is counted, and stays. Nobody may write there meanwhile (<see cref="WorkSaver"/> stops the container's processes first).
/// </summary>
internal sealed class WorkScan(string tree, Baseline baseline, IgnoreRules rules, WorkLimits limits)
{
    // How many names git is asked about at once.
    private const int Batch = 20_000;
    private const int MostNamed = 1000;

    private readonly List<WorkChange> changes = [];
    private readonly List<LeftOut> leftBehind = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<(string Path, FileFacts Facts)> fresh = [];
    private readonly SortedDictionary<string, int> beyond = new(StringComparer.Ordinal);
    private List<string> next = [];
    private int ignored;
    private int setId;
    private int found;
    private int unnamed;
    private int notTaken;
    private long bytes;

    /// <summary>Looks.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task<WorkFindings> RunAsync(CancellationToken cancellationToken)
    {
        // Level by level: git is asked for the new names of many folders at once, and what it ignores is not entered.
        for (List<string> level = [""]; level.Count > 0; (level, next) = (next, []))
        {
            foreach (var folder in level)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var full in Entries(folder))
                {
                    Look(folder, full);
                    if (fresh.Count >= Batch)
                        await SortAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            await SortAsync(cancellationToken).ConfigureAwait(false);
        }
        foreach (var file in baseline.Files.Values.Where(file => !seen.Contains(file.Path)))
            Change(new WorkChange(file.Path, file, null), 0);
        foreach (var (folder, count) in beyond)
            Leave(folder.Length == 0 ? "./" : folder + "/", $"{count} new files or folders in it are more than is taken home");
        return new WorkFindings([.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)], leftBehind, unnamed, ignored, setId, notTaken);
    }

    private void Look(string folder, string full)
    {
        var name = Path.GetFileName(full);
        var path = Path.Combine(folder, name);
        if (GitNames.IsGit(name))
        {
            if (folder.Length > 0 || name != ".git")
                Leave(path, "a repository of the agent's own");
        }
        else if (NativeFile.Look(full) is not { } facts)
            Leave(path, "its name is no UTF-8");
        else if (facts.IsDirectory)
        {
            Readable.Make(full, facts);
            if (baseline.Folders.Contains(path))
                next.Add(path);
            else
                fresh.Add((path + "/", facts));
        }
        else if (baseline.Files.TryGetValue(path, out var before))
            Add(path, before, facts);
        else
            fresh.Add((path, facts));
    }

    // What is new and not ignored, up to the bound; the rest is counted by its folder.
    private async Task SortAsync(CancellationToken cancellationToken)
    {
        var hidden = await rules.IgnoredAsync([.. fresh.Select(entry => entry.Path)], cancellationToken).ConfigureAwait(false);
        ignored += hidden.Count;
        foreach (var (path, facts) in fresh.Where(entry => !hidden.Contains(entry.Path)))
        {
            if (found >= limits.NewFiles)
            {
                var folder = Path.GetDirectoryName(path.TrimEnd('/')) ?? "";
                beyond[folder] = beyond.GetValueOrDefault(folder) + 1;
                notTaken++;
                continue;
            }
            found++;
            if (facts.IsDirectory)
                next.Add(path[..^1]);
            else
                Add(path, null, facts);
        }
        fresh.Clear();
    }

    private IEnumerable<string> Entries(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(tree, folder), "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PathTooLongException or DirectoryNotFoundException)
        {
            Leave(folder + "/", e is PathTooLongException ? "it is deeper than a path can name" : "the folder cannot be opened");
            return [];
        }
    }

    private void Add(string path, BaselineFile? before, FileFacts facts)
    {
        if (before is not null)
            seen.Add(path);
        if (facts.IsSetId)
            setId++;
        if (!facts.IsLink && !facts.IsRegular)
        {
            Leave(path, "a device, pipe or socket");
            if (before is not null)
                Change(new WorkChange(path, before, null), 0);
            return;
        }
        var mode = facts.IsLink ? GitModes.Link : facts.IsExecutable ? GitModes.Executable : GitModes.Plain;
        if (before is null || before.Mode != mode || before.Inode != facts.Inode || before.ChangedAt != facts.ChangedAt)
            Change(new WorkChange(path, before, mode), facts.Size);
    }

    // One that is too large alone leaves room for the others.
    private void Change(WorkChange change, long size)
    {
        var both = size + (change.Before?.Length ?? 0);
        if (bytes + both > limits.Bytes)
        {
            notTaken++;
            Leave(change.Path, $"with it the changes would be larger than the {limits.Bytes >> 20} MiB that are taken home");
            return;
        }
        bytes += both;
        changes.Add(change);
    }

    private void Leave(string path, string reason)
    {
        if (leftBehind.Count < MostNamed)
            leftBehind.Add(new LeftOut(path, reason));
        else
            unnamed++;
    }
}
