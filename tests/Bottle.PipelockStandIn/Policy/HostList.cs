namespace Bottle.PipelockStandIn.Policy;

/// <summary>Host patterns as pipelock reads them: exact, or <c>*.suffix</c>. Port and path play no part.</summary>
/// <param name="patterns">The entries of the file.</param>
/// <param name="wildcardCoversApex">True for <c>api_allowlist</c>, false for <c>passthrough_domains</c>: pipelock differs between the two.</param>
internal sealed class HostList(IEnumerable<string> patterns, bool wildcardCoversApex)
{
    private readonly string[] _patterns = [.. patterns.Select(Canonical)];

    public bool Contains(string host)
    {
        var name = Canonical(host);
        return _patterns.Any(pattern => Matches(pattern, name));
    }

    private bool Matches(string pattern, string name)
    {
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
            return pattern == name && pattern is not ("" or "*");
        return name.EndsWith(pattern[1..], StringComparison.Ordinal) || (wildcardCoversApex && name == pattern[2..]);
    }

    private static string Canonical(string host) => host.ToLowerInvariant().TrimEnd('.');
}
