using Bottle.Contracts.Denials;

namespace Bottle.Contracts.Routes;

/// <summary>The verdict on one request: the route that allows it, or the refusal and its reason.</summary>
public readonly record struct RouteDecision
{
    private RouteDecision(int index, Route? route, DenialCode? refusal, string reason)
    {
        Index = index;
        Route = route;
        Refusal = refusal;
        Reason = reason;
    }

    /// <summary>Whether a route allows the request.</summary>
    public bool IsAllowed => Refusal is null;

    /// <summary>The route that allows it, or the one that came nearest; null when none names host and port.</summary>
    public Route? Route { get; }

    /// <summary>The place of <see cref="Route"/> in the table, from 0; -1 without one.</summary>
    public int Index { get; }

    /// <summary>Why not; null when allowed.</summary>
    public DenialCode? Refusal { get; }

    /// <summary>One sentence about the refusal; empty when allowed.</summary>
    public string Reason { get; }

    internal static RouteDecision Allow(int index, Route route) => new(index, route, null, "");

    internal static RouteDecision Deny(DenialCode code, string reason, int index = -1, Route? nearest = null) => new(index, nearest, code, reason);
}
