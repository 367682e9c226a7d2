using System.Globalization;
using Bottle.Contracts.Git;

namespace Bottle.Core.Rendering;

/// <summary>Every way in which people and tools write one repository's address. Git replaces by the longest prefix that fits, so that the spellings with <c>.git</c> and with a final slash have to stand beside those without.</summary>
internal static class GitSpellings
{
    private static readonly string[] Endings = ["", "/", ".git", ".git/"];

    /// <summary>The spellings, each once, in a fixed order.</summary>
    public static IReadOnlyList<string> Of(SshUpstream upstream) =>
        [.. Addresses(upstream).Distinct(StringComparer.Ordinal).SelectMany(address => Endings.Select(ending => address + ending))];

    private static IEnumerable<string> Addresses(SshUpstream upstream)
    {
        var path = upstream.Path.TrimEnd('/');
        path = path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
        // Forges take a path from the root and one from the home for the same.
        var rooted = path.StartsWith("/~/", StringComparison.Ordinal) ? path[2..] : path;
        string[] paths = rooted.StartsWith("/~", StringComparison.Ordinal) ? [rooted] : [rooted, "/~" + rooted];
        var port = string.Create(CultureInfo.InvariantCulture, $":{upstream.Port}");
        string[] ports = upstream.Port == 22 ? ["", port] : [port];
        string[] users = [$"{upstream.User}@", ""];
        foreach (var user in users)
        {
            foreach (var address in ports.SelectMany(p => paths.Select(way => $"ssh://{user}{upstream.Host}{p}{way}")))
                yield return address;
            // The short form has no port.
            if (upstream.Port == 22)
            {
                yield return $"{user}{upstream.Host}:{rooted[1..]}";
                foreach (var way in paths)
                    yield return $"{user}{upstream.Host}:{(way.StartsWith("/~", StringComparison.Ordinal) ? way[1..] : way)}";
            }
            yield return $"https://{user}{upstream.Host}{rooted}";
        }
    }
}
