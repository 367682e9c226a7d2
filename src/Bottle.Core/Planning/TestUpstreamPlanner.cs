using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Places the containers that play upstreams (SPEC A15): names under <c>.test</c>, fixed addresses from the top of the egress network.</summary>
internal static class TestUpstreamPlanner
{
    /// <summary>The last address of a /28 that a container can have.</summary>
    private const int HighestAddress = 14;

    /// <summary>Addresses 2 to 4 stay for pipelock and its successor, which the engine numbers from below.</summary>
    private const int Most = 10;

    /// <summary>Whether a host or pattern is under the suffix that no public name has (RFC 6761).</summary>
    public static bool IsTestHost(string host) => host.EndsWith(".test", StringComparison.Ordinal);

    /// <summary>The upstreams, or none after an error.</summary>
    public static IReadOnlyList<TestUpstreamPlan> Plan(
        LaunchRequest request, HostFacts facts, EgressPlan? egress, NetworkPlan? network, List<Diagnostic> diagnostics)
    {
        var manifests = request.Bottle.TestUpstreams;
        var before = diagnostics.Count;
        Check(request, egress, diagnostics);
        diagnostics.AddRange(manifests.Select(manifest => manifest.Image).Where(image => !facts.Images.TestUpstreams.ContainsKey(image.Value) && !request.AllowedTestUpstreams.Contains(image.Value, StringComparer.Ordinal)).Select(PlanErrors.UnknownTestUpstreamImage));
        if (manifests.Count > Most)
            diagnostics.Add(PlanErrors.TooManyTestUpstreams(manifests.Count, Most, manifests[Most].Where));
        if (diagnostics.Count > before || network is null || !Ipv4Network.TryParse(network.Subnet, out var subnet))
            return [];
        return [.. manifests.Select((manifest, index) => new TestUpstreamPlan
        {
            Host = manifest.Host.Value,
            Service = string.Create(CultureInfo.InvariantCulture, $"upstream-{index + 1}"),
            Image = facts.Images.TestUpstreams.GetValueOrDefault(manifest.Image.Value, manifest.Image.Value),
            HasCertificate = request.Bottle.Supervise || HasRoute(egress, manifest.Host.Value),
            HasGit = HasGit(request, manifest.Host.Value),
            Address = subnet.Address(HighestAddress - index),
            Limits = Limits.TestUpstream.Within(facts.Cpus),
        })];
    }

    private static bool HasRoute(EgressPlan? egress, string host) => egress?.Routes.Any(r => EgressPlanner.Overlap(r.Host, host)) == true;

    private static bool HasGit(LaunchRequest request, string host) => request.Bottle.Git.Any(remote => remote.Upstream.Value.Host == host);

    private static void Check(LaunchRequest request, EgressPlan? egress, List<Diagnostic> diagnostics)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in request.Bottle.TestUpstreams.Select(u => u.Host))
        {
            if (host.Value.Contains('*', StringComparison.Ordinal))
                diagnostics.Add(PlanErrors.TestUpstreamHostUnusable(host, "is a pattern"));
            else if (!seen.Add(host.Value))
                diagnostics.Add(PlanErrors.TestUpstreamHostUnusable(host, "is written twice"));
            if (!IsTestHost(host.Value) && !request.AllowedTestUpstreams.Contains(host.Value, StringComparer.Ordinal))
                diagnostics.Add(PlanErrors.TestUpstreamOutsideTest(host));
            if (!request.Bottle.Supervise && !HasRoute(egress, host.Value) && !HasGit(request, host.Value))
                diagnostics.Add(PlanErrors.TestUpstreamWithoutRoute(host));
        }
    }
}
