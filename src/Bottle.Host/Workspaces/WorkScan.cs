using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>
/// Looks through the agent's directory for what is not as it was copied. Hostile ground: no link is followed, nothing but a folder is opened, and the number of new files is bounded. Nobody may write there meanwhile
/// (<see cref="WorkSaver"/> stops the container's processes first).
/// </summary>
internal sealed class WorkScan(string tree, Baseline baseline, IgnoreRules rules, int mostNew)
{
    private readonly List<WorkChange> changes = [];
    private readonly List<LeftOut> leftBehind = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int ignored;
    private int setId;
    private int found;

    /// <summary>Looks.</summary>
    /// <exception cref="IOException">There are more new files than are taken home, or the disk failed.</exception>
    public async Task<WorkFindings> RunAsync(CancellationToken cancellationToken)
    {
        // Level by level: git is asked once for all new names of a level, and what it ignores is not entered.
        for (List<string> level = [""]; level.Count > 0;)
        {
            var (folders, fresh) = Look(level, cancellationToken);
            var hidden = await rules.IgnoredAsync(fresh, cancellationToken).ConfigureAwait(false);
            ignored += hidden.Count;
            foreach (var path in fresh.Where(path => !hidden.Contains(path)))
            {
                if (path.EndsWith('/'))
                    folders.Add(path[..^1]);
                else
                    Add(path, null, NativeFile.Look(Path.Combine(tree, path))!.Value);
            }
            level = folders;
        }
        changes.AddRange(baseline.Files.Values.Where(file => !seen.Contains(file.Path)).Select(file => new WorkChange(file.Path, file, null)));
        return new WorkFindings([.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)], leftBehind, ignored, setId);
    }

    private (List<string> Folders, List<string> Fresh) Look(List<string> level, CancellationToken cancellationToken)
    {
        var (folders, fresh) = (new List<string>(), new List<string>());
        foreach (var folder in level)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var full in Entries(folder))
            {
                var path = Path.Combine(folder, Path.GetFileName(full));
                if (GitNames.IsGit(Path.GetFileName(full)))
                {
                    if (folder.Length > 0 || Path.GetFileName(full) != ".git")
                        leftBehind.Add(new LeftOut(path, "a repository of the agent's own"));
                    continue;
                }
                if (NativeFile.Look(full) is not { } facts)
                    leftBehind.Add(new LeftOut(path, "its name is no UTF-8"));
                else if (facts.IsDirectory)
                {
                    Readable.Make(full, facts);
                    (baseline.Folders.Contains(path) ? folders : fresh).Add(baseline.Folders.Contains(path) ? path : path + "/");
                }
                else if (baseline.Files.TryGetValue(path, out var before))
                    Add(path, before, facts);
                else
                    fresh.Add(path);
                Count(fresh.Count);
            }
        }
        return (folders, fresh);
    }

    private List<string> Entries(string folder)
    {
        var full = Path.Combine(tree, folder);
        try
        {
            // One more than can be there without passing the bound: a folder of millions is not read to its end.
            return [.. Directory.EnumerateFileSystemEntries(full, "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }).Take(mostNew + baseline.Files.Count + baseline.Folders.Count + 2)];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PathTooLongException or DirectoryNotFoundException)
        {
            leftBehind.Add(new LeftOut(folder + "/", e is PathTooLongException ? "it is deeper than a path can name" : "the folder cannot be opened"));
            return [];
        }
    }

    private void Add(string path, BaselineFile? before, FileFacts facts)
    {
        seen.Add(path);
        if (facts.IsSetId)
            setId++;
        if (!facts.IsLink && !facts.IsRegular)
        {
            leftBehind.Add(new LeftOut(path, "a device, pipe or socket"));
            if (before is not null)
                changes.Add(new WorkChange(path, before, null));
            return;
        }
        var mode = facts.IsLink ? GitModes.Link : facts.IsExecutable ? GitModes.Executable : GitModes.Plain;
        if (before is not null && before.Mode == mode && before.Inode == facts.Inode && before.ChangedAt == facts.ChangedAt)
            return;
        found += before is null ? 1 : 0;
        Count(0);
        changes.Add(new WorkChange(path, before, mode));
    }

    private void Count(int more)
    {
        if (found + more > mostNew)
            throw new IOException($"it holds more than {mostNew} new files that git does not ignore");
    }
}
