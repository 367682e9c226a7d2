using System.Diagnostics.CodeAnalysis;

namespace Bottle.Contracts.Routes;

/// <summary>
/// The host of a route: exact, or <c>*.suffix</c>, which matches one or more labels before the suffix and never the suffix itself. Lower-case A-labels of at least two labels;
/// addresses, <c>localhost</c> and <c>_egress.local</c> are refused, since a route by address would follow whoever answers there, and names without a dot can mean a sidecar.
/// </summary>
public sealed record HostPattern
{
    private HostPattern(string text, bool isWildcard)
    {
        Text = text;
        IsWildcard = isWildcard;
        Suffix = isWildcard ? text[1..] : null;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Whether it begins with <c>*.</c>.</summary>
    public bool IsWildcard { get; }

    /// <summary>What a matching host ends with, its leading dot included; null for an exact host.</summary>
    public string? Suffix { get; }

    /// <summary>Reads a pattern; <paramref name="problem"/> says what to write instead.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        var isWildcard = text.StartsWith("*.", StringComparison.Ordinal);
        var name = isWildcard ? text[2..] : text;
        problem = FindProblem(name, isWildcard);
        if (problem is not null)
        {
            return false;
        }
        pattern = new HostPattern(text, isWildcard);
        return true;
    }

    /// <summary>Whether a host (lower case, no trailing dot: <see cref="Authority.Host"/>) is meant.</summary>
    public bool Matches(string host) =>
        Suffix is null ? host == Text : host.Length > Suffix.Length && host.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The pattern as written.</summary>
    public override string ToString() => Text;

    private static string? FindProblem(string name, bool isWildcard)
    {
        if (name.Contains("://", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
        {
            return "a host has no scheme and no path; write paths in path_allowlist";
        }
        if (name.Contains('*', StringComparison.Ordinal))
        {
            return "a wildcard is only possible as the whole first label, as in '*.example.com'";
        }
        if (name.StartsWith('[') || HostName.LooksLikeAddress(name))
        {
            return "a route names a host, not an IP address";
        }
        if (name.Contains(':', StringComparison.Ordinal))
        {
            return "a host has no port; write it in ports";
        }
        if (name.EndsWith('.'))
        {
            return $"leave out the trailing dot: '{name.TrimEnd('.')}'";
        }
        if (HostName.FindProblem(name) is { } malformed)
        {
            return malformed;
        }
        if (name.ToLowerInvariant() is var lower && lower != name)
        {
            return $"write the host in lower case: '{(isWildcard ? "*." : "")}{lower}'";
        }
        if (isWildcard && PublicSuffixes.Contains(name))
        {
            return $"'*.{name}' would allow everybody's hosts: '{name}' is a public suffix; name the host, or a suffix of one owner";
        }
        if (name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal) || name == "_egress.local")
        {
            return $"'{name}' is the sidecar itself, not a host outside";
        }
        return name.Contains('.', StringComparison.Ordinal) ? null : $"'{name}' has no dot; write the full name of the host";
    }
}
