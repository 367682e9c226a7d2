using Bottle.Contracts.Routes;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>What is wrong with a change of a bottle that runs: BTL205x and BTL206x. One method a code.</summary>
public static class ChangeErrors
{
    /// <summary>BTL2051: the bottle was started without egress.</summary>
    public static Diagnostic NothingToChangeHere(string identity) => new()
    {
        Code = "BTL2051",
        Message = $"'{identity}' was started without egress, so that no route can be given to it",
        Why = "a bottle without a route and without supervise has neither egress nor pipelock, and they cannot join it later",
        Fix = "write a route, or 'supervise: true', in its manifest, and start it again",
    };

    /// <summary>BTL2052: nothing would be different.</summary>
    public static Diagnostic ChangesNothing(string reason) => new()
    {
        Code = "BTL2052",
        Message = $"the change changes nothing: {reason}",
        Why = "a revision that is like the one before would only say that something happened",
        Fix = "reject the proposal with that reason, or change what it asks for",
    };

    /// <summary>BTL2053: the requests are allowed already.</summary>
    public static Diagnostic AlreadyAllowed(Route added, Route wider) => new()
    {
        Code = "BTL2053",
        Message = $"{What(added)} is allowed already by {Named(wider)}",
        Why = "the first route that matches wins: one more would change nothing, also when its lease ends",
        Fix = "reject the proposal and say so to the agent; if pipelock refused the request, the agent asks with pipelock-block",
    };

    /// <summary>BTL2054: earlier routes take all of its requests.</summary>
    public static Diagnostic NeverReached(Route added, Route hiding) => new()
    {
        Code = "BTL2054",
        Message = $"{What(added)} would never be reached: {Named(hiding)} and what stands beside it take its requests first",
        Why = "the first route that matches wins, and a new one goes behind those that share some of its requests",
        Fix = "ask for less (one method, one path), or order the table by hand with --target=EditRoutes",
    };

    /// <summary>BTL2055: egress would not take the route.</summary>
    public static Diagnostic RouteUnusable(string problem) => new()
    {
        Code = "BTL2055",
        Message = $"this cannot be a route: {InertText.Line(problem)}",
        Why = "egress would refuse the whole table and go on with the old one",
        Fix = "write it otherwise (--edit), or reject the proposal",
    };

    /// <summary>BTL2056: pipelock would have to inspect a host and not to.</summary>
    public static Diagnostic InspectionDiffers(Route route, Route other) => new()
    {
        Code = "BTL2056",
        Message = $"{Named(route)} says 'inspect: {Flag(route.Inspect)}', and {Named(other)}, which shares a host with it, 'inspect: {Flag(other.Inspect)}'",
        Why = "pipelock decides by host alone whether it reads bodies; one of the two would silently not be what it says",
        Fix = $"give it 'inspect: {Flag(other.Inspect)}' as the other has (--edit), or change both with --target=EditRoutes",
    };

    /// <summary>BTL2057: the host is a git remote's, whose ssh cannot be inspected.</summary>
    public static Diagnostic GitHostInspected(Route route, string remote) => new()
    {
        Code = "BTL2057",
        Message = $"{Named(route)} is inspected, and its host is also that of the git remote '{remote}'",
        Why = "pipelock decides by host alone whether it reads bodies, and it cannot read the gate's ssh",
        Fix = "write 'inspect: false' at the route (--edit)",
    };

    /// <summary>BTL2058: no such token slot.</summary>
    public static Diagnostic UnknownSlot(string slot, string host, IEnumerable<string> known) => new()
    {
        Code = "BTL2058",
        Message = $"the route of '{host}' wants the credential '{slot}', which this run has not",
        Why = "egress gets its credentials when the bottle starts; a change can keep one or drop it",
        Fix = known.Any() ? $"name one of {string.Join(", ", known.Order(StringComparer.Ordinal))}, or write the route in the manifest and start again" : "write the route with its auth in the manifest, and start again",
    };

    /// <summary>BTL2059: nothing leads to the host.</summary>
    public static Diagnostic NoRouteFor(string host) => new()
    {
        Code = "BTL2059",
        Message = $"no route leads to '{InertText.Excerpt(host)}'",
        Why = "what has no route is refused by egress, before pipelock could read it",
        Fix = "the agent asks for the route first, with egress-block",
    };

    internal static string What(Route route) => $"'{string.Join(' ', route.Methods ?? ["any method"])} {route.Host}{string.Join(' ', route.PathAllowlist ?? [", every path"])}'";

    internal static string Named(Route route) => route.Source is { } source ? $"the route of '{route.Host}' ({InertText.Line(source)})" : $"the route of '{route.Host}'";

    private static string Flag(bool value) => value ? "true" : "false";
}
