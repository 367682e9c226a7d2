using System.Text;
using Bottle.Host.Processes;

namespace Bottle.Host.Workspaces;

/// <summary>What the operator's own repository ignores: asked there, so that what the agent wrote into a .gitignore hides nothing and runs nothing.</summary>
internal sealed class IgnoreRules(ICommandRunner runner, string? directory)
{
    /// <summary>Rules of a directory; those of a directory that is gone, or that no repository has, ignore nothing.</summary>
    public static async Task<IgnoreRules> OfAsync(ICommandRunner runner, string directory, CancellationToken cancellationToken) =>
        new(runner, Directory.Exists(directory) && await GitFolder.FindAsync(runner, directory, cancellationToken).ConfigureAwait(false) is not null ? directory : null);

    /// <summary>Those of the paths that are ignored; a folder's path ends in a slash.</summary>
    public async Task<HashSet<string>> IgnoredAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        if (directory is null || paths.Count == 0)
            return [];
        var asked = await runner.RunAsync(GitCommands.In(directory, "check-ignore", "--no-index", "-z", "--stdin") with
        {
            StandardInput = Encoding.UTF8.GetBytes(string.Concat(paths.Select(path => path + "\0"))),
        }, cancellationToken).ConfigureAwait(false);
        // 1: none is. Anything else (a path beyond a link of the operator's) leaves the question open: then all come home, which loses nothing.
        return asked.ExitCode == 0 ? [.. asked.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)] : [];
    }
}
