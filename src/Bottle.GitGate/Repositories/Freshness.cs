using System.Diagnostics;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Upstream;

namespace Bottle.GitGate.Repositories;

/// <summary>Makes a repository equal to its upstream before it is served: a fetch is fresh or refused (SPEC H2), and whatever a broken push left is reconciled here.</summary>
internal sealed class Freshness(Repository repository, bool isKept)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private long _lastStart = long.MinValue;

    // What an earlier run or a killed gate left is not believed before it was checked, and not served before upstream was read.
    private bool _isTrusted = !isKept;

    /// <summary>What went wrong last time, or null; for health and introspection.</summary>
    public string? LastTrouble { get; private set; } = "not yet read";

    /// <summary>When upstream was last read.</summary>
    public DateTimeOffset? LastRead { get; private set; }

    /// <summary>Reads upstream; null when the repository is now as upstream is, else a few words why not. A caller that waited for a read which began after it asked shares that read.</summary>
    public async Task<string?> RefreshAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        await repository.Moving.WaitAsync();
        try
        {
            if (_lastStart > asked)
            {
                return LastTrouble;
            }
            _lastStart = Stopwatch.GetTimestamp();
            LastTrouble = await ReadUpstreamAsync();
            LastRead = LastTrouble is null ? DateTimeOffset.UtcNow : LastRead;
            return LastTrouble;
        }
        finally
        {
            repository.Moving.Release();
        }
    }

    private async Task<string?> ReadUpstreamAsync()
    {
        if (!_isTrusted && !await KeptRepository.IsSoundAsync(repository))
        {
            RepositoryStore.Renew(repository);
            _isTrusted = true;
        }
        var failed = await TryTwiceAsync();
        if (!_isTrusted && (failed is null ? !await KeptRepository.TidyAsync(repository) : IsOurs(failed)))
        {
            // Sound as it looks, git cannot work with it. Nothing has been served yet.
            RepositoryStore.Renew(repository);
            failed = await TryTwiceAsync();
        }
        if (failed is null)
        {
            _isTrusted = true;
            return null;
        }
        var error = SshSettings.Words(repository.Settings.Name, failed.Error);
        GateLog.Write("upstream", ("repository", repository.Settings.Name), ("error", Tail(error)));
        return UpstreamTrouble.Describe(error, failed.ExitCode == ToolResult.TimedOut);
    }

    // The open connection may have been dead already: then a new one decides.
    private async Task<ToolResult?> TryTwiceAsync() => await TryReadAsync() is { } failed ? IsOurs(failed) ? await TryReadAsync() : failed : null;

    private static bool IsOurs(ToolResult failed) => failed.ExitCode != ToolResult.TimedOut && !UpstreamTrouble.IsBeforeAnything(failed.Error);

    // Null when both went well, else the one that did not.
    private async Task<ToolResult?> TryReadAsync()
    {
        // Both use the one ssh connection; the second is for HEAD, which a fetch by URL does not follow.
        var head = repository.GitAsync(Limit, "ls-remote", "--symref", repository.Url, "HEAD");
        var fetch = await repository.GitAsync(Limit, "fetch", "--quiet", "--prune", "--no-auto-maintenance", "--no-recurse-submodules", "--no-write-fetch-head", "--no-tags",
            repository.Url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");
        var symbolic = await head;
        if (fetch.ExitCode == ToolResult.TimedOut)
        {
            RepositoryStore.RemoveLeftovers(repository.Folder);
        }
        if (fetch.Succeeded && symbolic.Succeeded)
        {
            FollowHead(symbolic.Lines);
            return null;
        }
        return fetch.Succeeded ? symbolic : fetch;
    }

    private void FollowHead(string[] lines)
    {
        const string Prefix = "ref: ";
        var target = lines.FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal) && line.EndsWith("\tHEAD", StringComparison.Ordinal))?[Prefix.Length..].Split('\t')[0];
        var text = $"ref: {target}\n";
        if (target?.StartsWith("refs/heads/", StringComparison.Ordinal) == true && File.ReadAllText($"{repository.Folder}/HEAD") != text)
        {
            File.WriteAllText($"{repository.Folder}/HEAD.next", text);
            File.Move($"{repository.Folder}/HEAD.next", $"{repository.Folder}/HEAD", overwrite: true);
        }
    }

    private static string Tail(string error) => error.Length <= 500 ? error.Trim() : error[^500..].Trim();
}
