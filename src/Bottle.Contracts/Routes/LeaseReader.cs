using System.Globalization;

namespace Bottle.Contracts.Routes;

/// <summary>Reads the <c>lease</c> of a route.</summary>
internal static class LeaseReader
{
    private const int MaxId = 64;

    private static readonly string[] Keys = ["id", "until", "uses"];

    public static RouteLease? Read(YamlNode node, List<RoutesProblem> problems)
    {
        var before = problems.Count;
        var map = new YamlMapReader(node, Keys, problems);
        var id = map.Label("id", MaxId, required: true);
        var until = ReadUntil(map);
        var uses = map.Integer("uses");
        if (uses < 1)
        {
            map.Report("uses", "'uses' is at least 1");
        }
        if (node.Entries is not null && !map.Has("until") && !map.Has("uses"))
        {
            map.Report("id", "a lease needs 'until', 'uses' or both: one that never ends is no lease");
        }
        return problems.Count == before ? new RouteLease { Id = id!, Until = until, Uses = uses } : null;
    }

    private static DateTimeOffset? ReadUntil(YamlMapReader map)
    {
        if (map.Node("until") is not { } node)
        {
            return null;
        }
        // Quoted, because YAML readers differ on plain times; in UTC, so that nobody has to guess the zone.
        if (node.IsQuoted && DateTimeOffset.TryParseExact(node.Scalar, RouteLease.TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
        {
            return until;
        }
        map.Report("until", "'until' is a quoted time in UTC such as \"2026-01-31T12:00:00Z\"");
        return null;
    }
}
