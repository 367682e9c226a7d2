using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Policy;
using Bottle.Egress.Provider;

namespace Bottle.Egress.Requests;

/// <summary>A request that may go: what is forwarded is exactly this, not what the client sent.</summary>
internal sealed record Admission(RouteRequest Request, Route Route, RouteCredential? Credential, bool IsWebSocket);

/// <summary>Judges one request by one generation.</summary>
internal static class Gate
{
    /// <summary>The admission, or the refusal; <paramref name="request"/> is set as far as it could be read.</summary>
    public static (Admission? Admission, Refusal? Refusal, Route? Nearest) Judge(HttpContext http, PolicyGeneration policy, out RouteRequest request)
    {
        var isWebSocket = FramingRules.IsWebSocket(http);
        var method = FramingRules.IsExtendedConnect(http) ? "GET" : http.Request.Method;
        if (RequestReader.TryRead(http, method, out request) is { } unreadable)
        {
            return (null, unreadable, null);
        }
        if (FramingRules.FindRefusal(http) is { } framing)
        {
            return (null, framing, null);
        }
        var decision = policy.Matcher.Decide(request);
        var refusal = decision.Refusal is { } code
            ? new Refusal(code, decision.Reason)
            : FindRouteRefusal(http, decision.Route!, isWebSocket);
        var credential = decision.Index >= 0 ? policy.CredentialOf(decision.Index) : null;
        if (refusal is null && decision.Route!.Auth is { } auth && credential is null)
        {
            refusal = new Refusal(DenialCodes.CredentialMissing, $"the slot {auth.TokenEnv} of this route has no value; the operator has to provide it");
        }
        return refusal is null ? (new Admission(request, decision.Route!, credential, isWebSocket), null, decision.Route) : (null, refusal, decision.Route);
    }

    private static Refusal? FindRouteRefusal(HttpContext http, Route route, bool isWebSocket)
    {
        if (isWebSocket && route.Inspect)
        {
            return new Refusal(DenialCodes.InspectedUpgrade, $"bodies of {route.Host} are inspected, which WebSockets do not survive; the route would need inspect: false and websocket: true");
        }
        if (isWebSocket && !route.WebSocket)
        {
            return new Refusal(DenialCodes.WebSocketNotListed, $"the route for {route.Host} does not allow WebSockets (websocket: true)");
        }
        return FindOverride(http, route)
            ?? (route.Provider is { } provider ? MessagesGuard.FindBeta(provider, http.Request.Headers["anthropic-beta"]) : null);
    }

    private static Refusal? FindOverride(HttpContext http, Route route)
    {
        foreach (var (name, values) in http.Request.Headers)
        {
            if (RequestHeaderRules.Of(name) == HeaderFate.MethodOverride && values.Any(asked => !MethodOverride.IsAllowed(route, asked ?? "")))
            {
                return new Refusal(DenialCodes.MethodOverride, $"{name} asks the server for a method that the route for {route.Host} does not allow");
            }
        }
        return null;
    }
}
