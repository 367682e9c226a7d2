namespace Bottle.Host.Traffic;

/// <summary>
/// Requests by host and by credential, as they are added. An agent can ask for any number of hosts: beyond a bound those that were never let through are counted together, and under a wildcard also the others beyond ten times as many.
/// </summary>
public sealed class TrafficSummary
{
    /// <summary>The name under which further hosts are counted.</summary>
    public const string OtherHosts = "(other hosts)";

    /// <summary>The name under which further slots are counted: no plan has so many, but a sidecar that was taken over can write them.</summary>
    public const string OtherSlots = "(other slots)";

    /// <summary>How many hosts are counted by name, when all of them were refused; and slots.</summary>
    public const int MostHosts = 500;

    private readonly Dictionary<string, TrafficTotals> hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrafficTotals> credentials = new(StringComparer.Ordinal);

    /// <summary>All of it.</summary>
    public TrafficTotals Total { get; private set; }

    /// <summary>When the first request came; null without any.</summary>
    public DateTimeOffset? First { get; private set; }

    /// <summary>When the last request came; null without any.</summary>
    public DateTimeOffset? Last { get; private set; }

    /// <summary>By host with its port, the busiest first.</summary>
    public IReadOnlyList<KeyValuePair<string, TrafficTotals>> Hosts => Sorted(hosts);

    /// <summary>By slot of the credential that egress set, in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, TrafficTotals>> Credentials => [.. credentials.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Counts one request.</summary>
    public void Add(TrafficRecord record)
    {
        Total = Total.With(record);
        First ??= record.Time;
        Last = record.Time;
        var host = record.HostAndPort;
        if (hosts.Count >= MostHosts && !hosts.ContainsKey(host))
            host = record.Decision == TrafficDecision.Denied ? OtherHosts : MadeRoom(host);
        hosts[host] = hosts.GetValueOrDefault(host).With(record);
        if (record.Credential is not { } slot)
            return;
        if (credentials.Count >= MostHosts && !credentials.ContainsKey(slot))
            slot = OtherSlots;
        credentials[slot] = credentials.GetValueOrDefault(slot).With(record);
    }

    // A host that was let through is counted by name: one that never was makes room for it.
    private string MadeRoom(string host)
    {
        if (hosts.Count >= 10 * MostHosts)
            return OtherHosts;
        var victim = hosts.FirstOrDefault(pair => pair.Key != OtherHosts && pair.Value.Denied == pair.Value.Requests).Key;
        if (victim is null)
            return host;
        hosts.Remove(victim, out var counted);
        hosts[OtherHosts] = TrafficTotals.Add(hosts.GetValueOrDefault(OtherHosts), counted);
        return host;
    }

    private static IReadOnlyList<KeyValuePair<string, TrafficTotals>> Sorted(Dictionary<string, TrafficTotals> totals) =>
        [.. totals.OrderByDescending(pair => pair.Value.Requests).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
}
