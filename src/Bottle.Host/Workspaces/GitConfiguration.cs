using System.Text;

namespace Bottle.Host.Workspaces;

/// <summary>The configuration of the agent's repository: the format that git gave the copy, and of the operator's the keys that run nothing and hold no secret.</summary>
internal static class GitConfiguration
{
    private static readonly HashSet<string> Core = new(StringComparer.OrdinalIgnoreCase) { "core.filemode", "core.ignorecase", "core.precomposeunicode", "core.symlinks", "core.autocrlf", "core.eol", "core.safecrlf", "pull.rebase", "push.default", "user.name", "user.email" };
    private static readonly HashSet<string> OfRemote = new(StringComparer.OrdinalIgnoreCase) { "url", "pushurl", "fetch", "tagopt", "prune" };
    private static readonly HashSet<string> OfBranch = new(StringComparer.OrdinalIgnoreCase) { "remote", "merge", "rebase" };

    /// <summary>The file's text, from what <c>git config --list -z</c> prints of both.</summary>
    public static string Write(string made, string own)
    {
        var text = new StringBuilder("# Written by Bottle: of the original only what runs nothing and signs in nowhere.\n");
        foreach (var (key, value) in Entries(made).Where(entry => entry.Key.StartsWith("extensions.", StringComparison.OrdinalIgnoreCase) || entry.Key.Equals("core.repositoryformatversion", StringComparison.OrdinalIgnoreCase)))
            Append(text, key, value);
        Append(text, "core.bare", "false");
        Append(text, "core.logallrefupdates", "true");
        foreach (var (key, value) in Entries(own))
            if (Kept(key, value) is { } kept)
                Append(text, key, kept);
        return text.ToString();
    }

    /// <summary>A URL without what signs in: user and password of http, and its query. A user of ssh is no secret; a password there is.</summary>
    public static string WithoutCredentials(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !url.Contains("://", StringComparison.Ordinal))
            return url;
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOfAny(['/', '?', '#'], authority) is >= 0 and var slash ? slash : url.Length;
        var at = url.LastIndexOf('@', end - 1, end - authority);
        var user = at < 0 ? "" : url[authority..at];
        var keeps = parsed.Scheme is "ssh" or "git+ssh" && user.Length > 0 ? user.Split(':')[0] + "@" : "";
        var rest = url[(at < 0 ? authority : at + 1)..];
        return url[..authority] + keeps + (parsed.Scheme is "http" or "https" && rest.IndexOfAny(['?', '#']) is >= 0 and var query ? rest[..query] : rest);
    }

    private static string? Kept(string key, string value)
    {
        if (Core.Contains(key))
            return value;
        var (section, name) = (key.Split('.')[0], key[(key.LastIndexOf('.') + 1)..]);
        if (section.Equals("branch", StringComparison.OrdinalIgnoreCase) && OfBranch.Contains(name))
            return value;
        if (!section.Equals("remote", StringComparison.OrdinalIgnoreCase) || !OfRemote.Contains(name))
            return null;
        // "ext::" and its like name a program.
        return !name.EndsWith("url", StringComparison.OrdinalIgnoreCase) ? value : value.Contains("::", StringComparison.Ordinal) ? null : WithoutCredentials(value);
    }

    private static IEnumerable<(string Key, string Value)> Entries(string listed) =>
        listed.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('\n', 2))
            .Where(parts => parts[0].Contains('.', StringComparison.Ordinal))
            .Select(parts => (parts[0], parts.Length > 1 ? parts[1] : "true"));

    private static void Append(StringBuilder text, string key, string value)
    {
        var (first, last) = (key.IndexOf('.', StringComparison.Ordinal), key.LastIndexOf('.'));
        text.Append('[').Append(key, 0, first);
        if (last > first)
            text.Append(" \"").Append(Escaped(key[(first + 1)..last])).Append('"');
        text.Append("]\n\t").Append(key, last + 1, key.Length - last - 1).Append(" = \"").Append(Escaped(value)).Append("\"\n");
    }

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
}
