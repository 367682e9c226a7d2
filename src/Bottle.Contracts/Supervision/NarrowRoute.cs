using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

/// <summary>The narrowest route that lets one request through (SPEC N4): its exact host, port and path, its method (HEAD comes with GET), bodies inspected wherever pipelock can.</summary>
public static partial class NarrowRoute
{
    private const int MaxMethod = 32;

    /// <summary>The route, or why there is none: what no route can name, what egress never forwards, and what it could only let through with more than this request.</summary>
    public static NarrowRouteResult For(ProposedRequest asked)
    {
        if (asked.Url.Length > ProposalLimits.Url)
        {
            return Refuse($"the URL is longer than {ProposalLimits.Url} characters");
        }
        if (asked.Method is not { Length: > 0 and <= MaxMethod } method || !method.All(c => char.IsAsciiLetterUpper(c) || c == '-'))
        {
            return Refuse("the method is a word of capital letters, such as GET or POST");
        }
        if (!RouteRequest.TryParse(method, asked.Url, out var request, out var problem))
        {
            return Refuse(problem);
        }
        if (!HostPattern.TryParse(request.Authority.Host, out _, out problem))
        {
            return Refuse(problem);
        }
        if (!PathPattern.TryParse(request.Path.Text, out var path, out problem) || path.IsPrefix)
        {
            return Refuse(problem ?? "a path that ends in '/*' would mean every path below it");
        }
        var route = new Route
        {
            Host = request.Authority.Host,
            Ports = [request.Authority.Port],
            Methods = method == "GET" ? ["GET", "HEAD"] : [method],
            PathAllowlist = [path.Text],
            Inspect = request.Authority.Port != 80,
        };
        // The matcher has the last word, so that nobody is asked for what would be refused afterwards all the same: a push, an address, TRACE, a method override.
        var decision = new RouteMatcher([route]).Decide(request);
        return decision.IsAllowed ? new NarrowRouteResult(route, new ProposedRequest(method, Canonical(request)), null) : Refuse(decision.Reason);
    }

    /// <summary>The URL of a request as it is judged and forwarded.</summary>
    internal static string Canonical(in RouteRequest request) =>
        $"{request.Scheme.Text()}://{request.Authority.ToHeader(request.Scheme)}{request.Path}{(request.Query is { } query ? $"?{query}" : "")}";

    private static NarrowRouteResult Refuse(string problem) => new(null, null, problem);
}

/// <summary>A route, or why there is none.</summary>
/// <param name="Route">The route; null with a problem.</param>
/// <param name="Request">The request in canonical form; null with a problem.</param>
/// <param name="Problem">What is wrong, one clause without a full stop; null without any.</param>
public sealed record NarrowRouteResult(Route? Route, ProposedRequest? Request, string? Problem);
