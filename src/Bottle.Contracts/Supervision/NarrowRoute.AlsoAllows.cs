using System.Globalization;
using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

public static partial class NarrowRoute
{
    /// <summary>What a route lets through beside the request that it was made for, for the person who is asked to approve it: plain sentences; never empty, since every route allows any query.</summary>
    public static IReadOnlyList<string> AlsoAllows(Route route) => [.. Sentences(route)];

    private static IEnumerable<string> Sentences(Route route)
    {
        if (route.Host.StartsWith("*.", StringComparison.Ordinal))
        {
            yield return $"Every host under {route.Host[2..]}.";
        }
        if (route.Ports.Count > 1)
        {
            yield return $"The ports {string.Join(", ", route.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)))}.";
        }
        yield return Paths(route.PathAllowlist);
        yield return route.Methods switch
        {
            null => "Every method, also those that change and delete.",
            ["GET", "HEAD"] => "HEAD as well as GET.",
            [var only] => $"{only} and no other method.",
            { } several => $"The methods {string.Join(", ", several)}.",
        };
        yield return Bodies(route);
        yield return route.ClientAuthPasses
            ? "Any headers, also credentials that the agent brings itself."
            : "Any headers; credentials that the agent brings itself are removed.";
        if (route.WebSocket)
        {
            yield return "WebSockets, whose messages nobody reads.";
        }
        if (route.Auth is { } auth)
        {
            yield return $"All of it with the operator's credential from {auth.TokenEnv}.";
        }
        yield return Duration(route.Lease);
    }

    private static string Paths(IReadOnlyList<string>? paths) => paths switch
    {
        null => "Every path, with any query.",
        _ when paths.Any(path => path.EndsWith("/*", StringComparison.Ordinal)) => $"Every path that fits {string.Join(" or ", paths)}, with any query.",
        [var only] => $"The path {only} with any query: what stands after '?' is not matched.",
        _ => $"The paths {string.Join(", ", paths)}, each with any query.",
    };

    private static string Bodies(Route route) =>
        (route.Methods is null || route.Methods.Any(method => method is not ("GET" or "HEAD")) ? "Any body" : "A body too, although GET seldom has one")
        + (route.Inspect ? "; pipelock reads it for secrets, but cannot see through every encoding." : "; nobody reads it for secrets.");

    private static string Duration(RouteLease? lease) => lease switch
    {
        { Uses: { } uses, Until: { } until } => string.Create(CultureInfo.InvariantCulture, $"{uses} times at most, until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC."),
        { Uses: { } uses } => string.Create(CultureInfo.InvariantCulture, $"{uses} times at most."),
        { Until: { } until } => string.Create(CultureInfo.InvariantCulture, $"As often as it likes, until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC."),
        _ => "As often as it likes, until the run ends.",
    };
}
