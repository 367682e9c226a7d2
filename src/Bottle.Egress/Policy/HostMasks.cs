using System.Collections.Frozen;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Policy;

/// <summary>
/// What must not come back from a host, by whatever route was asked: every credential that some route of the table sends there. A server that remembers what one request brought could
/// otherwise tell it to the next. Hosts that are sent the same credentials share a mask.
/// </summary>
internal sealed class HostMasks
{
    private readonly FrozenDictionary<string, SecretMask> _exact;
    private readonly FrozenDictionary<string, SecretMask> _bySuffix;

    public HostMasks(IReadOnlyList<Route> routes, IReadOnlyDictionary<string, string> tokens)
    {
        var secrets = routes.Where(r => r.Auth is { } auth && tokens.ContainsKey(auth.TokenEnv))
            .Select(r => (Host: Parse(r.Host), Secrets: RouteCredential.SecretsOf(r.Auth!, tokens[r.Auth!.TokenEnv]))).ToArray();
        var masks = new Dictionary<string, SecretMask>(StringComparer.Ordinal);
        // A wildcard's mask holds those of the wildcards around it, so that the longest suffix of a host decides alone.
        _bySuffix = secrets.Where(s => s.Host.IsWildcard).Select(s => s.Host.Suffix!).Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(suffix => suffix, suffix => Mask(secrets.Where(s => s.Host.IsWildcard && suffix.EndsWith(s.Host.Suffix!, StringComparison.Ordinal)).SelectMany(s => s.Secrets)), StringComparer.Ordinal);
        _exact = routes.Select(r => Parse(r.Host)).Where(host => !host.IsWildcard).Select(host => host.Text).Distinct(StringComparer.Ordinal)
            .Where(host => secrets.Any(s => s.Host.Matches(host)))
            .ToFrozenDictionary(host => host, host => Mask(secrets.Where(s => s.Host.Matches(host)).SelectMany(s => s.Secrets)), StringComparer.Ordinal);

        SecretMask Mask(IEnumerable<string> hidden)
        {
            var values = hidden.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            // A value has no line break.
            var key = string.Join('\n', values);
            return masks.TryGetValue(key, out var mask) ? mask : masks[key] = new SecretMask(values);
        }
    }

    /// <summary>The mask for answers of a host (<see cref="Authority.Host"/>); null when no credential goes there.</summary>
    public SecretMask? Of(string host)
    {
        if (_exact.TryGetValue(host, out var mask))
        {
            return mask;
        }
        if (_bySuffix.Count > 0)
        {
            var lookup = _bySuffix.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            {
                if (lookup.TryGetValue(host.AsSpan(dot), out mask))
                {
                    return mask;
                }
            }
        }
        return null;
    }

    private static HostPattern Parse(string host) => HostPattern.TryParse(host, out var pattern, out var problem) ? pattern : throw new ArgumentException(problem, nameof(host));
}
