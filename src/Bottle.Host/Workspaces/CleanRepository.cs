using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>
/// Makes the agent's <c>.git</c>: objects and refs by git's own clone, a configuration of harmless keys alone, HEAD where it was, an index that fits. Hooks, includes, helpers, credentials in URLs and everything
/// else that the operator's repository has beside its history stay behind (SPEC B6). A linked worktree, or one with borrowed objects, becomes a repository of its own.
/// </summary>
internal sealed class CleanRepository(ICommandRunner runner, Action<string> progress)
{
    /// <summary>Makes it in a tree that was copied from a directory.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="git">What git says of it.</param>
    /// <param name="tree">The copy.</param>
    /// <param name="missing">Tracked files that the copy does not have: git shall not take them for deleted.</param>
    /// <param name="owner">Who the copy belongs to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CreateAsync(string source, GitFolder git, string tree, IReadOnlyList<string> missing, RunAs? owner, CancellationToken cancellationToken)
    {
        var target = Path.Combine(tree, ".git");
        // Borrowed objects are nowhere in the agent's container: then git itself gathers them.
        var borrows = File.Exists(Path.Combine(git.GitDirectory, "objects", "info", "alternates"));
        await RunAsync(source, GitCommands.In(source, ["clone", "--quiet", "--mirror", "--template=", borrows ? "--no-local" : "--no-hardlinks", "--", source, target]) with
        {
            OnLine = (line, _) => progress($"git: {line.Trim()}"),
        }, cancellationToken).ConfigureAwait(false);
        await WriteConfigurationAsync(source, git, target, cancellationToken).ConfigureAwait(false);
        File.WriteAllText(Path.Combine(target, "HEAD"), (git.Head.Length > 0 ? git.Head : "ref: refs/heads/main") + "\n");
        if (git.HasCommits)
        {
            await RunAsync(source, GitCommands.Alone(target, "--work-tree", tree, "read-tree", "HEAD"), cancellationToken).ConfigureAwait(false);
            if (missing.Count > 0)
                await RunAsync(source, GitCommands.Alone(target, "--work-tree", tree, "update-index", "-z", "--skip-worktree", "--stdin") with { WorkingDirectory = tree, StandardInput = Encoding.UTF8.GetBytes(string.Concat(missing.Select(path => path + "\0"))) }, cancellationToken, mayFail: true).ConfigureAwait(false);
        }
        Give(target, owner);
    }

    // A file that is staged and was never committed is in no tree of HEAD: that one is left out of the index already.
    private async Task RunAsync(string source, Command command, CancellationToken cancellationToken, bool mayFail = false)
    {
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded && !mayFail)
            throw new BottleException(WorkspaceErrors.GitRefused(source, result.LastLines()));
    }

    private async Task WriteConfigurationAsync(string source, GitFolder git, string target, CancellationToken cancellationToken)
    {
        var made = await ReadAsync(source, Path.Combine(target, "config"), cancellationToken).ConfigureAwait(false);
        var own = await ReadAsync(source, Path.Combine(git.GitDirectory, "config"), cancellationToken).ConfigureAwait(false);
        File.WriteAllText(Path.Combine(target, "config"), GitConfiguration.Write(made, own));
    }

    private async Task<string> ReadAsync(string source, string file, CancellationToken cancellationToken)
    {
        var listed = await runner.RunAsync(GitCommands.In(source, "config", "--file", file, "--no-includes", "--list", "-z"), cancellationToken).ConfigureAwait(false);
        return listed.Succeeded ? listed.Output : throw new BottleException(WorkspaceErrors.GitRefused(source, listed.LastLines()));
    }

    private static void Give(string folder, RunAs? owner)
    {
        if (owner is null || NativeFile.UserId != 0)
            return;
        Ownership.Give(folder, owner);
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            Ownership.Give(entry, owner);
    }
}
