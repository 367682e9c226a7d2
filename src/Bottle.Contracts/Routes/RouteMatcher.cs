using System.Collections.Frozen;
using System.Globalization;
using Bottle.Contracts.Denials;

namespace Bottle.Contracts.Routes;

/// <summary>
/// Judges requests by a route table: the one matcher behind egress, <c>expect</c> and <c>Explain</c>. Immutable and safe for concurrent use. The first route of the table
/// whose host and port match and which allows method and path wins.
/// </summary>
public sealed class RouteMatcher
{
    private readonly FrozenDictionary<string, CompiledRoute[]> _exact;
    private readonly FrozenDictionary<string, CompiledRoute[]> _bySuffix;
    private readonly FrozenSet<int> _ports;

    /// <summary>Compiles a table. A route with an invalid host or path throws <see cref="ArgumentException"/>: readers have checked them before.</summary>
    public RouteMatcher(IReadOnlyList<Route> routes)
    {
        var compiled = routes.Select((route, index) => new CompiledRoute(index, route)).ToArray();
        _exact = compiled.Where(r => !r.Host.IsWildcard).Select(r => r.Host.Text).Distinct()
            .ToFrozenDictionary(host => host, host => compiled.Where(r => r.Host.Matches(host)).ToArray(), StringComparer.Ordinal);
        _bySuffix = compiled.Where(r => r.Host.IsWildcard).Select(r => r.Host.Suffix!).Distinct()
            // A host under the longest suffix is under its parents too; the lists are whole, so one look-up decides.
            .ToFrozenDictionary(s => s, s => compiled.Where(r => r.Host.IsWildcard && s.EndsWith(r.Host.Suffix!, StringComparison.Ordinal)).ToArray(), StringComparer.Ordinal);
        _ports = compiled.SelectMany(r => r.Route.Ports).ToFrozenSet();
    }

    /// <summary>Whether any route has the port.</summary>
    public bool HasPort(int port) => _ports.Contains(port);

    /// <summary>Whether some route has host and port, so that requests there can be allowed.</summary>
    public bool Lists(Authority authority)
    {
        foreach (var candidate in CandidatesFor(authority.Host))
        {
            if (candidate.HasPort(authority.Port))
            {
                return true;
            }
        }
        return false;
    }

    // In any case of letters: an HTTP client writes the methods that it knows in upper case again.
    private static bool IsEcho(string method) =>
        method.Equals("TRACE", StringComparison.OrdinalIgnoreCase) || method.Equals("TRACK", StringComparison.OrdinalIgnoreCase) || method.Equals("CONNECT", StringComparison.OrdinalIgnoreCase);

    /// <summary>Judges one request by what the table says, as if every lease were in force: what <c>expect</c> asks, and what a new table is tried with.</summary>
    public RouteDecision Decide(in RouteRequest request) => Decide(request, static _ => LeaseState.InForce);

    /// <summary>Judges one request. A route whose lease is not in force by <paramref name="stateOf"/> allows nothing; the next one that fits is looked at.</summary>
    public RouteDecision Decide(in RouteRequest request, Func<RouteLease, LeaseState> stateOf)
    {
        if (IsEcho(request.Method))
        {
            return RouteDecision.Deny(DenialCodes.MethodNeverAllowed, $"{request.Method} is never forwarded");
        }
        if (FindAddressProblem(request) is { } refusal)
        {
            return refusal;
        }
        if (GitPush.IsPush(request.Path.Text) || (request.Query is { } query && GitPush.IsPush(query)))
        {
            return RouteDecision.Deny(DenialCodes.GitPush, "git push over HTTP is not allowed here; push to git://git-gate/<name>.git, which plain 'git push' does where the bottle declares the remote");
        }
        return DecideByRoutes(request, stateOf);
    }

    private static RouteDecision? FindAddressProblem(in RouteRequest request)
    {
        var authority = request.Authority;
        if (authority.IsAddress)
        {
            return RouteDecision.Deny(DenialCodes.AddressLiteral, $"{authority.Host} is an IP address; only hosts that a route names can be reached");
        }
        if ((request.Scheme == RequestScheme.Http) != (authority.Port == 80))
        {
            return RouteDecision.Deny(DenialCodes.SchemeNotPossible, $"{request.Scheme.Text()} on port {authority.Port}: plain HTTP goes to port 80 and TLS to all others");
        }
        return null;
    }

    private RouteDecision DecideByRoutes(in RouteRequest request, Func<RouteLease, LeaseState> stateOf)
    {
        var candidates = CandidatesFor(request.Authority.Host);
        CompiledRoute? nearest = null;
        var nearestHasPath = false;
        RouteDecision? lapsed = null;
        foreach (var candidate in candidates)
        {
            if (!candidate.HasPort(request.Authority.Port))
            {
                continue;
            }
            var hasPath = candidate.HasPath(request.Path);
            if (hasPath && candidate.HasMethod(request.Method))
            {
                var state = candidate.Route.Lease is { } lease ? stateOf(lease) : LeaseState.InForce;
                if (state == LeaseState.InForce)
                {
                    return AllowUnlessOverridden(request, candidate);
                }
                lapsed ??= DenyLapsed(candidate, state);
                continue;
            }
            if (nearest is null || (hasPath && !nearestHasPath))
            {
                (nearest, nearestHasPath) = (candidate, hasPath);
            }
        }
        if (lapsed is { } reason)
        {
            return reason;
        }
        return nearest is null ? DenyUnlisted(request, candidates) : DenyNearest(request, nearest, nearestHasPath);
    }

    private static RouteDecision AllowUnlessOverridden(in RouteRequest request, CompiledRoute candidate) =>
        request.Query is { } query && MethodOverride.FindInQuery(candidate.Route, query) is { } asked
            ? RouteDecision.Deny(DenialCodes.MethodOverride, $"the query asks the server for the method {asked}, which the route for {candidate.Host} does not allow", candidate.Index, candidate.Route)
            : RouteDecision.Allow(candidate.Index, candidate.Route);

    private static RouteDecision DenyLapsed(CompiledRoute candidate, LeaseState state)
    {
        var lease = candidate.Route.Lease!;
        var (code, reason) = state switch
        {
            LeaseState.Ended => (DenialCodes.LeaseEnded, string.Create(CultureInfo.InvariantCulture, $"the lease of this route ended at {lease.Until:yyyy-MM-dd'T'HH:mm:ss'Z'}; ask again")),
            LeaseState.UsedUp => (DenialCodes.LeaseUsedUp, string.Create(CultureInfo.InvariantCulture, $"the lease of this route allowed {lease.Uses} requests, and all are used; ask again")),
            _ => (DenialCodes.LeaseUncounted, "the lease of this route allows a number of requests, and egress cannot count them at the moment; the operator has to look at its log folder"),
        };
        return RouteDecision.Deny(code, reason, candidate.Index, candidate.Route);
    }

    private static RouteDecision DenyUnlisted(in RouteRequest request, CompiledRoute[] candidates) => candidates.Length == 0
        ? RouteDecision.Deny(DenialCodes.HostNotListed, $"no route names the host {request.Authority.Host}")
        : RouteDecision.Deny(DenialCodes.PortNotListed,
            $"port {request.Authority.Port} of {request.Authority.Host} is not in its route (allowed: {string.Join(", ", candidates.SelectMany(c => c.Route.Ports).Distinct().Order())})");

    private static RouteDecision DenyNearest(in RouteRequest request, CompiledRoute nearest, bool hasPath)
    {
        if (hasPath)
        {
            return RouteDecision.Deny(DenialCodes.MethodNotListed,
                $"the route for {nearest.Host} does not allow {request.Method} here (allowed: {string.Join(", ", nearest.Route.Methods!)})", nearest.Index, nearest.Route);
        }
        return request.Path.Ambiguity is { } ambiguity
            ? RouteDecision.Deny(DenialCodes.AmbiguousPath, $"{ambiguity}, and the route for {nearest.Host} is limited by path", nearest.Index, nearest.Route)
            : RouteDecision.Deny(DenialCodes.PathNotListed, $"no route for {request.Authority.Host} allows this path", nearest.Index, nearest.Route);
    }

    private CompiledRoute[] CandidatesFor(string host)
    {
        if (_exact.TryGetValue(host, out var exact))
        {
            return exact;
        }
        if (_bySuffix.Count > 0)
        {
            var lookup = _bySuffix.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            {
                if (dot > 0 && lookup.TryGetValue(host.AsSpan(dot), out var routes))
                {
                    return routes;
                }
            }
        }
        return [];
    }

    /// <summary>A route with its patterns parsed once.</summary>
    private sealed class CompiledRoute
    {
        private readonly PathPattern[]? _paths;

        public CompiledRoute(int index, Route route)
        {
            Index = index;
            Route = route;
            Host = HostPattern.TryParse(route.Host, out var host, out var problem) ? host : throw new ArgumentException($"route {index}: {problem}", nameof(route));
            _paths = route.PathAllowlist?.Select(text => PathPattern.TryParse(text, out var path, out var bad) ? path : throw new ArgumentException($"route {index}: {bad}", nameof(route))).ToArray();
        }

        public int Index { get; }

        public Route Route { get; }

        public HostPattern Host { get; }

        public bool HasPort(int port) => Route.Ports.Contains(port);

        public bool HasMethod(string method) => Route.Methods is null || Route.Methods.Contains(method);

        public bool HasPath(CanonicalPath path)
        {
            if (_paths is null)
            {
                return true;
            }
            foreach (var pattern in _paths)
            {
                if (pattern.Matches(path))
                {
                    return true;
                }
            }
            return false;
        }
    }
}
