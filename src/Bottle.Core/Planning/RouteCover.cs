using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>Compares what routes let through: host, ports, methods and paths. Says nothing of credentials and leases.</summary>
internal static class RouteCover
{
    /// <summary>Whether every request that <paramref name="narrow"/> lets through is let through by <paramref name="wide"/> too.</summary>
    public static bool Covers(Route wide, Route narrow) =>
        CoversHost(wide.Host, narrow.Host)
        && narrow.Ports.All(wide.Ports.Contains)
        && (wide.Methods is null || narrow.Methods?.All(method => wide.Methods.Contains(method, StringComparer.Ordinal)) == true)
        && (wide.PathAllowlist is null || narrow.PathAllowlist?.All(path => wide.PathAllowlist.Any(other => CoversPath(other, path))) == true);

    /// <summary>Whether some request is let through by both.</summary>
    public static bool Meets(Route one, Route other) =>
        EgressPlanner.Overlap(one.Host, other.Host)
        && one.Ports.Any(other.Ports.Contains)
        && (one.Methods is null || other.Methods is null || one.Methods.Any(method => other.Methods.Contains(method, StringComparer.Ordinal)))
        && (one.PathAllowlist is null || other.PathAllowlist is null
            || one.PathAllowlist.Any(path => other.PathAllowlist.Any(second => CoversPath(path, second) || CoversPath(second, path))));

    /// <summary>The parts of a route with one port, one method and one path each; where it limits methods or paths not, the part does not either.</summary>
    public static IEnumerable<Route> Parts(Route route) =>
        from port in route.Ports
        from methods in Each(route.Methods)
        from paths in Each(route.PathAllowlist)
        select route with { Ports = [port], Methods = methods, PathAllowlist = paths };

    /// <summary>Whether a host, or each host of a pattern, is one of <paramref name="wide"/>'s.</summary>
    public static bool CoversHost(string wide, string narrow) =>
        wide == narrow || (wide.StartsWith("*.", StringComparison.Ordinal) && narrow.EndsWith(wide[1..], StringComparison.Ordinal));

    private static bool CoversPath(string wide, string narrow) =>
        wide == narrow || (wide.EndsWith("/*", StringComparison.Ordinal) && narrow.StartsWith(wide[..^1], StringComparison.Ordinal));

    private static IEnumerable<IReadOnlyList<string>?> Each(IReadOnlyList<string>? values) =>
        values?.Select(value => (IReadOnlyList<string>?)[value]) ?? [null];
}
