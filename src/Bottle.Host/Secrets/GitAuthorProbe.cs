using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.Secrets;

/// <summary>Asks the operator's git who commits (SPEC H1).</summary>
public static class GitAuthorProbe
{
    private const int LongestValue = 200;

    /// <summary>Name and e-mail of git's own configuration, not that of a repository in reach; null when git is missing or either is unset.</summary>
    public static async Task<GitAuthor?> ReadAsync(ICommandRunner runner, CancellationToken cancellationToken = default)
    {
        if (ExecutableFinder.Find("git", Environment.GetEnvironmentVariable("PATH")) is null)
            return null;
        var name = await ReadAsync(runner, "user.name", cancellationToken).ConfigureAwait(false);
        var email = await ReadAsync(runner, "user.email", cancellationToken).ConfigureAwait(false);
        return name is null || email is null ? null : new GitAuthor(name, email);
    }

    private static async Task<string?> ReadAsync(ICommandRunner runner, string key, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new Command("git", "config", "--global", "--get", key), cancellationToken).ConfigureAwait(false);
        var value = result.Output.Trim();
        // One visible line: it stands in the agent's configuration and in the preflight.
        return result.Succeeded && value.Length is > 0 and <= LongestValue && InertText.Line(value) == value ? value : null;
    }
}
