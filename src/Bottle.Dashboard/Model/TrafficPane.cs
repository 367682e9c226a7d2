using System.Collections.Immutable;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Model;

/// <summary>A request and whose it is.</summary>
public sealed record TrafficEntry(string Identity, TrafficRecord Record);

/// <summary>What is known of one run's requests.</summary>
/// <param name="Recent">The newest, oldest first, at most <see cref="Most"/>.</param>
/// <param name="Total">All of them.</param>
/// <param name="Hosts">By host, the busiest first.</param>
public sealed record TrafficPane(ImmutableArray<TrafficRecord> Recent, TrafficTotals Total, ImmutableArray<KeyValuePair<string, TrafficTotals>> Hosts)
{
    /// <summary>How many requests of a run are kept to be shown.</summary>
    public const int Most = 500;

    /// <summary>Nothing yet.</summary>
    public static readonly TrafficPane Empty = new([], default, []);
}
