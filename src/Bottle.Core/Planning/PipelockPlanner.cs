using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Decides pipelock's side of the route table and of the gate (SPEC G1): the same hosts, passthrough for those that are not inspected and for git's, one address for each test upstream and <c>host_ip</c>.</summary>
/// <remarks>Its allowlist reads <c>*.x.y</c> with the apex, ours does not: it is the wider of the two, and egress, which comes first, refuses the apex. Its passthrough reads it as we do.</remarks>
internal static class PipelockPlanner
{
    /// <summary>What stands in an allowlist without hosts: strict mode wants an entry, and no name under <c>.invalid</c> can be anybody's (RFC 6761).</summary>
    public const string NoHost = "no-route.bottle.invalid";

    /// <summary>Pipelock for these routes and repositories, or null when there are none.</summary>
    public static PipelockPlan? Plan(
        LaunchRequest request, HostFacts facts, EgressPlan? egress, GitGatePlan? git, IReadOnlyList<TestUpstreamPlan> upstreams, List<Diagnostic> diagnostics)
    {
        if (egress is null && git is null)
            return null;
        var remotes = git?.Remotes ?? [];
        var told = remotes.Where(r => r.HostIp is not null).DistinctBy(r => r.Upstream.Host).ToDictionary(r => r.Upstream.Host, r => r.HostIp!, StringComparer.Ordinal);
        var plan = Fit(
            new PipelockPlan
            {
                Image = facts.Images.Pipelock,
                IsStandIn = facts.Images.PipelockIsStandIn,
                StandInIsAccepted = request.AllowStandIn,
                Allowlist = [],
                Passthrough = [],
                AllowedAddresses = [.. upstreams.Select(u => u.Address).Concat(told.Values.Distinct(StringComparer.Ordinal)).Select(address => $"{address}/32")],
                ExtraHosts = [.. told.Keys.Order(StringComparer.Ordinal).Select(host => new KnownAddress(host, told[host]))],
                HasOwnRoots = request.HasUpstreamCa || upstreams.Any(u => u.HasCertificate),
                CredentialHeaders = [],
                ResolvesOutside = false,
                Limits = Limits.Pipelock.Within(facts.Cpus),
            },
            egress?.Routes ?? [], git, upstreams, request.Bottle.Supervise);
        CheckStandIn(plan, request.HostIsRequired, diagnostics);
        return plan;
    }

    /// <summary>The same container with the lists of a route table; <paramref name="isSupervised"/> when the agent may ask for more.</summary>
    public static PipelockPlan Fit(PipelockPlan plan, IReadOnlyList<Route> routes, GitGatePlan? git, IReadOnlyList<TestUpstreamPlan> upstreams, bool isSupervised)
    {
        var repositories = (git?.Remotes ?? []).Select(r => r.Upstream.Host).ToList();
        var hosts = Sorted(routes.Select(r => r.Host).Concat(repositories));
        var known = upstreams.Select(u => u.Host).Concat(plan.ExtraHosts.Select(entry => entry.Host)).ToHashSet(StringComparer.Ordinal);
        return plan with
        {
            Allowlist = hosts.Count == 0 ? [NoHost] : hosts,
            Passthrough = Sorted(routes.Where(r => !r.Inspect).Select(r => r.Host).Concat(repositories)),
            CredentialHeaders = Sorted(routes.Where(r => r.Inspect).Select(r => r.Auth?.Header).OfType<string>()),
            // A container's name server is for its lifetime: where a route can be granted at any time, it is there from the start.
            ResolvesOutside = isSupervised || !hosts.TrueForAll(known.Contains),
        };
    }

    /// <summary>Our stand-in guards hosts outside <c>.test</c> only where a person has accepted that.</summary>
    public static void CheckStandIn(PipelockPlan plan, bool isError, List<Diagnostic> diagnostics)
    {
        var real = plan.Allowlist.Where(host => host != NoHost && !TestUpstreamPlanner.IsTestHost(host)).ToList();
        if (plan.IsStandIn && real.Count > 0 && !plan.StandInIsAccepted)
            diagnostics.Add(PlanErrors.StandInNotAllowed(plan.Image, real, isError));
    }

    private static List<string> Sorted(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
