using System.Text.RegularExpressions;

namespace Bottle.PipelockStandIn.Policy;

/// <summary>A handful of pipelock's core patterns: enough to show that bodies, headers and addresses are read.</summary>
internal static partial class SecretScanner
{
    private static readonly (string Name, Regex Pattern)[] _patterns =
    [
        ("AWS Access ID", AwsAccessId()),
        ("GitHub Token", GitHubToken()),
        ("GitHub Fine-Grained PAT", GitHubPat()),
        ("GitLab PAT", GitLabPat()),
        ("Slack Token", SlackToken()),
        ("Private Key Header", PrivateKey()),
    ];

    /// <summary>The name of the first pattern that the text, or its percent-decoded form, contains; null when it is clean.</summary>
    public static string? Find(string text)
    {
        var decoded = text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
        foreach (var (name, pattern) in _patterns)
        {
            if (pattern.IsMatch(text) || pattern.IsMatch(decoded))
                return name;
        }
        return null;
    }

    [GeneratedRegex(@"\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b", RegexOptions.IgnoreCase)]
    private static partial Regex AwsAccessId();

    [GeneratedRegex(@"gh[pousr]_[A-Za-z0-9]{36,}", RegexOptions.IgnoreCase)]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"github_pat_[A-Za-z0-9_]{36,}", RegexOptions.IgnoreCase)]
    private static partial Regex GitHubPat();

    [GeneratedRegex(@"glpat-[A-Za-z0-9_\-]{20,}", RegexOptions.IgnoreCase)]
    private static partial Regex GitLabPat();

    [GeneratedRegex(@"xox[baprs]-[A-Za-z0-9\-]{15,}", RegexOptions.IgnoreCase)]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"-----BEGIN\s+([A-Z]+\s+)*PRIVATE\s+KEY-----", RegexOptions.IgnoreCase)]
    private static partial Regex PrivateKey();
}
