using System.Text.Json;
using Bottle.Contracts.Routes;

namespace Bottle.Supervise.Egress;

/// <summary>Finds routes in the live table.</summary>
internal static class LiveTableExtensions
{
    /// <summary>The first route whose host and port are those of a URL; null without one.</summary>
    public static LiveRoute? RouteFor(this LiveTable table, string url) =>
        RouteRequest.TryParse("GET", url, out var request, out _) ? table.Routes?.Select(Read).FirstOrDefault(route => IsFor(route, request.Authority)) : null;

    private static LiveRoute? Read(JsonElement route) => JsonSerializer.Deserialize(route, EgressJson.Default.LiveRoute);

    private static bool IsFor(LiveRoute? route, Authority authority) =>
        route?.Host is { } host && route.Ports?.Contains(authority.Port) == true && HostPattern.TryParse(host, out var pattern, out _) && pattern.Matches(authority.Host);
}
