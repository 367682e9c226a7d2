using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Decides pipelock's side of the route table (SPEC G1): the same hosts, passthrough for those that are not inspected, one address for each test upstream.</summary>
/// <remarks>Its allowlist reads <c>*.x.y</c> with the apex, ours does not: it is the wider of the two, and egress, which comes first, refuses the apex. Its passthrough reads it as we do.</remarks>
internal static class PipelockPlanner
{
    /// <summary>Pipelock for these routes.</summary>
    public static PipelockPlan Plan(
        LaunchRequest request, HostFacts facts, EgressPlan egress, IReadOnlyList<TestUpstreamPlan> upstreams, List<Diagnostic> diagnostics)
    {
        var routes = egress.Routes;
        var real = Sorted(routes.Select(r => r.Host).Where(h => !TestUpstreamPlanner.IsTestHost(h)));
        if (facts.Images.PipelockIsStandIn && real.Count > 0 && !request.AllowStandIn)
            diagnostics.Add(PlanErrors.StandInNotAllowed(facts.Images.Pipelock, real, request.HostIsRequired));
        var played = upstreams.Select(u => u.Host).ToHashSet(StringComparer.Ordinal);
        return new PipelockPlan
        {
            Image = facts.Images.Pipelock,
            IsStandIn = facts.Images.PipelockIsStandIn,
            Allowlist = Sorted(routes.Select(r => r.Host)),
            Passthrough = Sorted(routes.Where(r => !r.Inspect).Select(r => r.Host)),
            AllowedAddresses = [.. upstreams.Select(u => $"{u.Address}/32")],
            HasOwnRoots = request.HasUpstreamCa || upstreams.Count > 0,
            CredentialHeaders = Sorted(routes.Where(r => r.Inspect).Select(r => r.Auth?.Header).OfType<string>()),
            ResolvesOutside = !routes.All(r => played.Contains(r.Host)),
            Limits = Limits.Pipelock.Within(facts.Cpus),
        };
    }

    private static List<string> Sorted(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
