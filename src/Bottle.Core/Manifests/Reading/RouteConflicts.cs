using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>
/// What is wrong between routes. The first route that fits host, port, path and method wins, so two routes of one host are fine as long as the later can still win somewhere;
/// <c>inspect</c> must agree wherever two routes can mean one host, since pipelock decides by host alone.
/// </summary>
internal static class RouteConflicts
{
    public static void Report(ManifestSource source, IReadOnlyList<RouteManifest> routes)
    {
        var seen = new List<Seen>();
        foreach (var route in routes)
        {
            if (!HostPattern.TryParse(route.Host.Value, out var host, out _))
                continue;
            if (Problem(seen, route, host) is { } problem)
                source.Report(problem);
            seen.Add(new Seen(route, host));
        }
    }

    private static Diagnostic? Problem(List<Seen> seen, RouteManifest route, HostPattern host)
    {
        foreach (var (earlier, earlierHost) in seen.Where(s => Covers(s.Host, host) && Covers(s.Route, route)))
            return ManifestErrors.DuplicateRoute(route.Where, route.Host.Value, earlier.Where.Line, Covers(host, earlierHost) && Covers(route, earlier));
        foreach (var (earlier, _) in seen.Where(s => s.Route.Inspect != route.Inspect && (Covers(s.Host, host) || Covers(host, s.Host))))
            return ManifestErrors.InspectDiffers(route.Where, route.Host.Value, earlier.Where.Line);
        return null;
    }

    // Two suffixes overlap only when one is within the other, so Covers in either direction is also the test for overlap.
    private static bool Covers(HostPattern wide, HostPattern narrow) => wide.Text == narrow.Text || (wide.IsWildcard && wide.Matches(narrow.IsWildcard ? "x" + narrow.Suffix : narrow.Text));

    private static bool Covers(RouteManifest wide, RouteManifest narrow) =>
        narrow.Ports.All(wide.Ports.Contains)
        && (wide.Methods is null || (narrow.Methods is not null && narrow.Methods.All(wide.Methods.Contains)))
        && (wide.Paths is null || (narrow.Paths is not null && narrow.Paths.All(path => wide.Paths.Any(pattern => CoversPath(pattern, path)))));

    private static bool CoversPath(string wide, string narrow) => wide == narrow || (wide.EndsWith("/*", StringComparison.Ordinal) && narrow.StartsWith(wide[..^1], StringComparison.Ordinal));

    private sealed record Seen(RouteManifest Route, HostPattern Host);
}
