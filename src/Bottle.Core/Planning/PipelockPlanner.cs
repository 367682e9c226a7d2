using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Decides pipelock's side of the route table and of the gate (SPEC G1): the same hosts, passthrough for those that are not inspected and for git's, one address for each test upstream and <c>host_ip</c>.</summary>
/// <remarks>Its allowlist reads <c>*.x.y</c> with the apex, ours does not: it is the wider of the two, and egress, which comes first, refuses the apex. Its passthrough reads it as we do.</remarks>
internal static class PipelockPlanner
{
    /// <summary>Pipelock for these routes and repositories, or null when there are none.</summary>
    public static PipelockPlan? Plan(
        LaunchRequest request, HostFacts facts, EgressPlan? egress, GitGatePlan? git, IReadOnlyList<TestUpstreamPlan> upstreams, List<Diagnostic> diagnostics)
    {
        if (egress is null && git is null)
            return null;
        var routes = egress?.Routes ?? [];
        var remotes = git?.Remotes ?? [];
        var hosts = Sorted(routes.Select(r => r.Host).Concat(remotes.Select(r => r.Upstream.Host)));
        var real = hosts.Where(h => !TestUpstreamPlanner.IsTestHost(h)).ToList();
        if (facts.Images.PipelockIsStandIn && real.Count > 0 && !request.AllowStandIn)
            diagnostics.Add(PlanErrors.StandInNotAllowed(facts.Images.Pipelock, real, request.HostIsRequired));
        var told = remotes.Where(r => r.HostIp is not null).DistinctBy(r => r.Upstream.Host).ToDictionary(r => r.Upstream.Host, r => r.HostIp!, StringComparer.Ordinal);
        var known = upstreams.Select(u => u.Host).Concat(told.Keys).ToHashSet(StringComparer.Ordinal);
        return new PipelockPlan
        {
            Image = facts.Images.Pipelock,
            IsStandIn = facts.Images.PipelockIsStandIn,
            Allowlist = hosts,
            Passthrough = Sorted(routes.Where(r => !r.Inspect).Select(r => r.Host).Concat(remotes.Select(r => r.Upstream.Host))),
            AllowedAddresses = [.. upstreams.Select(u => u.Address).Concat(told.Values.Distinct(StringComparer.Ordinal)).Select(address => $"{address}/32")],
            ExtraHosts = [.. told.OrderBy(entry => entry.Key, StringComparer.Ordinal)],
            HasOwnRoots = request.HasUpstreamCa || upstreams.Any(u => u.HasRoute),
            CredentialHeaders = Sorted(routes.Where(r => r.Inspect).Select(r => r.Auth?.Header).OfType<string>()),
            ResolvesOutside = !hosts.TrueForAll(known.Contains),
            Limits = Limits.Pipelock.Within(facts.Cpus),
        };
    }

    private static List<string> Sorted(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
