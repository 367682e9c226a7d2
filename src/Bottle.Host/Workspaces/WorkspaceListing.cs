using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>Something of the directory that the agent does not get, and why, in words.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Reason">A phrase.</param>
public sealed record LeftOut(string Path, string Reason);

/// <summary>What of a directory is to be copied: by git, tracked and untracked files that are not ignored; elsewhere every file. Nothing is opened, no link is followed.</summary>
internal sealed class WorkspaceListing
{
    /// <summary>More files than any project has that a person works on.</summary>
    public const int MostFiles = 1_000_000;

    private const string Gitlink = "160000";
    private readonly List<string> paths = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly List<string> submodules = [];

    /// <summary>Files and links, relative, in ordinal order.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>What is left out by its name or its kind.</summary>
    public IReadOnlyList<LeftOut> LeftOut => leftOut;

    /// <summary>Folders of submodules: an empty folder stands in for each.</summary>
    public IReadOnlyList<string> Submodules => submodules;

    /// <summary>Whether paths are tracked, for those that are.</summary>
    public HashSet<string> Tracked { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists a directory that git does not know.</summary>
    public static WorkspaceListing OfFolder(string directory)
    {
        var listing = new WorkspaceListing();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var full in Directory.EnumerateFileSystemEntries(Path.Combine(directory, folder)))
            {
                var path = Path.Combine(folder, Path.GetFileName(full));
                if (NativeFile.Look(full) is { IsDirectory: true })
                    folders.Push(path);
                else
                    listing.Add(directory, path);
            }
        }
        listing.paths.Sort(StringComparer.Ordinal);
        return listing;
    }

    /// <summary>Lists a directory of a working tree. BTL5503 when git fails.</summary>
    public static async Task<WorkspaceListing> OfRepositoryAsync(ICommandRunner runner, string directory, CancellationToken cancellationToken)
    {
        var listing = new WorkspaceListing();
        foreach (var entry in await ListAsync(runner, directory, ["--stage"], cancellationToken).ConfigureAwait(false))
        {
            // Mode, object, stage, a tab and the path; a conflict has a path three times.
            var path = entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..];
            if (!listing.Tracked.Add(path))
                continue;
            if (entry.StartsWith(Gitlink, StringComparison.Ordinal))
                listing.AddSubmodule(directory, path);
            else if (NativeFile.Look(Path.Combine(directory, path)) is { IsDirectory: false } || path.Contains('\ufffd', StringComparison.Ordinal))
                listing.Add(directory, path);
        }
        foreach (var path in await ListAsync(runner, directory, ["--others", "--exclude-standard"], cancellationToken).ConfigureAwait(false))
        {
            if (path.EndsWith('/'))
                listing.leftOut.Add(new LeftOut(path, "a repository of its own: start the agent in it, or add it as files"));
            else
                listing.Add(directory, path);
        }
        listing.paths.Sort(StringComparer.Ordinal);
        return listing;
    }

    private static async Task<IEnumerable<string>> ListAsync(ICommandRunner runner, string directory, IEnumerable<string> what, CancellationToken cancellationToken)
    {
        var listed = await runner.RunAsync(GitCommands.In(directory, ["ls-files", "-z", .. what]), cancellationToken).ConfigureAwait(false);
        return listed.Succeeded ? listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : throw new BottleException(WorkspaceErrors.GitRefused(directory, listed.LastLines()));
    }

    private void AddSubmodule(string directory, string path)
    {
        submodules.Add(path);
        var full = Path.Combine(directory, path);
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            leftOut.Add(new LeftOut(path + "/", "a submodule: start the agent in it, or let it be fetched by a git remote of the bottle"));
    }

    private void Add(string directory, string path)
    {
        if (paths.Count >= MostFiles)
            throw new BottleException(WorkspaceErrors.TooLarge(directory, $"{MostFiles} files"));
        if (SensitiveFiles.ByName(path) is { } secret)
            leftOut.Add(new LeftOut(path, secret));
        else if (NativeFile.Look(Path.Combine(directory, path)) is not { } facts)
            leftOut.Add(new LeftOut(path, "its name is no UTF-8"));
        else if (facts.IsLink && Leaves(directory, path))
            leftOut.Add(new LeftOut(path, "a link that leaves the directory"));
        else if (!facts.IsRegular && !facts.IsLink)
            leftOut.Add(new LeftOut(path, "a device, pipe or socket"));
        else
            paths.Add(path);
    }

    private static bool Leaves(string directory, string path) => LinkTargets.Leaves(path, new FileInfo(Path.Combine(directory, path)).LinkTarget ?? "/");
}
