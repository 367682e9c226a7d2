using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.Workspaces;

/// <summary>How a directory stands to git: at the top of a working tree (a clone's own, a linked worktree's or a submodule's), or somewhere inside one.</summary>
/// <param name="GitDirectory">The repository's own folder, of a linked worktree the one that it shares.</param>
/// <param name="IsTop">Whether the directory is the top of its working tree.</param>
/// <param name="Head">What HEAD says: <c>ref: refs/heads/main</c>, or an object's name.</param>
/// <param name="HasCommits">Whether HEAD leads to a commit.</param>
internal sealed record GitFolder(string GitDirectory, bool IsTop, string Head, bool HasCommits)
{
    /// <summary>The branch, or null when HEAD is detached.</summary>
    public string? Branch => Head.StartsWith("ref: refs/heads/", StringComparison.Ordinal) ? Head["ref: refs/heads/".Length..] : null;

    /// <summary>Looks at a directory; null when it is in no working tree. BTL5503 when git refuses it.</summary>
    public static async Task<GitFolder?> FindAsync(ICommandRunner runner, string directory, CancellationToken cancellationToken)
    {
        if (!IsBelowRepository(directory))
            return null;
        var found = await runner.RunAsync(GitCommands.In(directory, "rev-parse", "--path-format=absolute", "--is-inside-work-tree", "--git-common-dir", "--show-prefix"), cancellationToken).ConfigureAwait(false);
        if (!found.Succeeded || found.Output.Split('\n') is not ["true", var repository, var prefix, ..])
        {
            // A folder named .git that is no repository is no reason to refuse its parent.
            if (found.Error.Contains("not a git repository", StringComparison.Ordinal) || found.Output.StartsWith("false", StringComparison.Ordinal))
                return null;
            throw new BottleException(WorkspaceErrors.GitRefused(directory, found.LastLines()));
        }
        var symbolic = await runner.RunAsync(GitCommands.In(directory, "symbolic-ref", "--quiet", "HEAD"), cancellationToken).ConfigureAwait(false);
        var commit = await runner.RunAsync(GitCommands.In(directory, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"), cancellationToken).ConfigureAwait(false);
        return new GitFolder(repository, prefix.Length == 0, symbolic.Succeeded ? $"ref: {symbolic.Output.Trim()}" : commit.Output.Trim(), commit.Succeeded);
    }

    private static bool IsBelowRepository(string directory)
    {
        for (var folder = directory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Exists(Path.Combine(folder, ".git")))
                return true;
        return false;
    }
}
