using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Policy;
using Bottle.Egress.Provider;

namespace Bottle.Egress.Requests;

/// <summary>A request that may go by one generation: what is forwarded is exactly this, not what the client sent. <paramref name="Mask"/> hides what the host has been sent by any route; null when nothing has.</summary>
internal sealed record Admission(PolicyGeneration Policy, RouteRequest Request, Route Route, RouteCredential? Credential, SecretMask? Mask, bool IsWebSocket);

/// <summary>Judges one request by one generation.</summary>
internal static class Gate
{
    /// <summary>The admission, or the refusal; <paramref name="request"/> is set as far as it could be read. A use of the route's lease is taken with the admission.</summary>
    public static (Admission? Admission, Refusal? Refusal, Route? Nearest) Judge(HttpContext http, PolicyGeneration policy, LeaseBook leases, BudgetBook budget, out RouteRequest request)
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
        while (true)
        {
            var decision = policy.Matcher.Decide(request, leases.StateOf);
            // The budget comes last: what no route allows is said even when nothing is left.
            if ((FindRefusal(http, policy, decision, isWebSocket) ?? budget.FindRefusal()) is { } refusal)
            {
                return (null, refusal, decision.Route);
            }
            var route = decision.Route!;
            // When another request took the last use in between, the lease is over and the table is asked again.
            if (route.Lease is not { Uses: not null } lease || leases.TryTake(lease))
            {
                return (new Admission(policy, request, route, policy.CredentialOf(decision.Index), policy.Masks.Of(request.Authority.Host), isWebSocket), null, route);
            }
        }
    }

    private static Refusal? FindRefusal(HttpContext http, PolicyGeneration policy, RouteDecision decision, bool isWebSocket)
    {
        if (decision.Refusal is { } code)
        {
            return new Refusal(code, decision.Reason);
        }
        var route = decision.Route!;
        return FindRouteRefusal(http, route, isWebSocket)
            ?? (route.Auth is { } auth && policy.CredentialOf(decision.Index) is null
                ? new Refusal(DenialCodes.CredentialMissing, $"the slot {auth.TokenEnv} of this route has no value; the operator has to provide it") : null);
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
            ?? (route.Provider is { } provider ? ProviderGuard.FindBeta(provider, [.. http.Request.Headers["anthropic-beta"], .. http.Request.Headers["openai-beta"]]) : null);
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
