using Bottle.Contracts.Git;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Pushing;
using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Upstream;

/// <summary>Pushes to upstream out of the quarantine: all refs or none, and each only if upstream still has what the sender believed (compare and swap).</summary>
internal static class UpstreamPush
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Pushes, and finds out what became of it when the connection broke.</summary>
    public static async Task<PushOutcome> RunAsync(Repository repository, Quarantine quarantine, IReadOnlyList<RefUpdate> updates)
    {
        var environment = repository.EnvironmentWith(quarantine.Variables);
        var result = await Tool.RunAsync("/usr/bin/git", Arguments(repository, updates), repository.Folder, environment, null, Limit);
        var words = Words(result.Error);
        if (result.Succeeded)
        {
            return new PushOutcome(null, words);
        }
        var error = SshSettings.Words(repository.Settings.Name, result.Error);
        GateLog.Write("upstream", ("repository", repository.Settings.Name), ("exit", result.ExitCode), ("error", Inert.Text(error.Trim())));
        var reasons = Reasons(result.Text);
        if (reasons.Length > 0)
        {
            return new PushOutcome(GateRefusals.Upstream(reasons), words);
        }
        var trouble = UpstreamTrouble.Describe(error, result.ExitCode == ToolResult.TimedOut);
        return UpstreamTrouble.IsBeforeAnything(error)
            ? new PushOutcome(GateRefusals.Unreachable(trouble), words)
            : new PushOutcome(await HasAllAsync(repository, updates) ? null : GateRefusals.Unknown(trouble), words);
    }

    // The client has looked for deltas already, and what it found is sent on as it is: with 10,000 objects the same search again takes as long as the rest of the packing, for not one byte less.
    private static string[] Arguments(Repository repository, IReadOnlyList<RefUpdate> updates) =>
    [
        "-c", "pack.window=0", "push", "--porcelain", "--no-verify", "--no-signed", "--recurse-submodules=no", .. updates.Count > 1 ? new[] { "--atomic" } : [],
        .. updates.Select(update => $"--force-with-lease={update.Ref}:{(update.Creates ? "" : update.Old)}"),
        repository.Url,
        .. updates.Select(update => update.Deletes ? $":{update.Ref}" : $"{update.New}:{update.Ref}"),
    ];

    // "!\t<from>:<to>\t[rejected] (why)": upstream's own verdict on a ref. A remote that failed to report one is no verdict.
    private static string[] Reasons(string output)
    {
        var lines = output.Split('\n').Where(line => line.StartsWith("!\t", StringComparison.Ordinal)).ToArray();
        return lines.Any(line => line.Contains("failed to report status", StringComparison.Ordinal))
            ? []
            : [.. lines.Select(line => line.Split('\t', 3)).Where(parts => parts.Length == 3).Select(parts => Inert.Text($"{parts[1][(parts[1].IndexOf(':', StringComparison.Ordinal) + 1)..]} {parts[2]}"))];
    }

    private static string[] Words(string error) =>
        [.. error.Split('\n').Where(line => line.StartsWith("remote: ", StringComparison.Ordinal)).Select(line => Inert.Text(line["remote: ".Length..].TrimEnd())).Where(line => line.Length > 0).Take(100)];

    // The answer was lost: upstream itself says what it has. Only "everything" is success.
    private static async Task<bool> HasAllAsync(Repository repository, IReadOnlyList<RefUpdate> updates)
    {
        var result = await repository.GitAsync(TimeSpan.FromMinutes(2), ["ls-remote", repository.Url, .. updates.Select(update => update.Ref)]);
        if (!result.Succeeded)
        {
            return false;
        }
        var has = result.Lines.Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
        return updates.All(update => update.Deletes ? !has.ContainsKey(update.Ref) : has.GetValueOrDefault(update.Ref) == update.New);
    }
}
