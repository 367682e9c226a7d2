using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Decides the gate in front of the declared repositories (SPEC A7, H).</summary>
internal static class GitGatePlanner
{
    /// <summary>The gate, or null when no repository is declared.</summary>
    public static GitGatePlan? Plan(LaunchRequest request, HostFacts facts, EgressPlan? egress, List<Diagnostic> diagnostics)
    {
        var remotes = request.Bottle.Git;
        if (remotes.Count == 0)
            return null;
        foreach (var remote in remotes)
        {
            CheckFiles(remote, facts, request.HostIsRequired, diagnostics);
            CheckRoutes(remote, egress, diagnostics);
            CheckAddresses(remote, remotes, diagnostics);
        }
        return new GitGatePlan
        {
            Image = facts.Images.GitGate,
            Remotes = [.. remotes.Select(ToPlan)],
            Author = facts.GitAuthor ?? new GitAuthor(request.Agent.Name, $"{request.Agent.Name}@bottle.invalid"),
            Limits = Limits.GitGate.Within(facts.Cpus),
        };
    }

    private static GitRemotePlan ToPlan(GitRemoteManifest remote) => new()
    {
        Name = remote.Name.Value,
        Upstream = remote.Upstream.Value,
        IdentityFile = remote.IdentityFile?.Value,
        KnownHosts = remote.KnownHosts?.Text,
        KnownHostsFile = remote.KnownHosts?.File,
        HostIp = remote.HostIp?.Value,
        Push = remote.Push,
        Scan = remote.Scan,
        Cache = remote.Cache,
        Source = string.Create(CultureInfo.InvariantCulture, $"{remote.Where.File}:{remote.Where.Line}"),
    };

    private static void CheckFiles(GitRemoteManifest remote, HostFacts facts, bool isError, List<Diagnostic> diagnostics)
    {
        if (remote.IdentityFile is { } key && Problem(key.Value) is { } problem)
            diagnostics.Add(PlanErrors.GitKeyUnusable(key, problem, isError));
        if (remote.KnownHosts is { File: { } file } hosts && Problem(file) is { } other)
            diagnostics.Add(PlanErrors.KnownHostsUnusable(file, other, hosts.Where, isError));

        string? Problem(string written) => facts.GitFileProblems.FirstOrDefault(p => p.File == written)?.Reason;
    }

    // Pipelock passes or reads by host alone: the gate's ssh needs its passthrough.
    private static void CheckRoutes(GitRemoteManifest remote, EgressPlan? egress, List<Diagnostic> diagnostics)
    {
        var host = remote.Upstream.Value.Host;
        if (egress?.Routes.FirstOrDefault(r => r.Inspect && EgressPlanner.Overlap(r.Host, host)) is { } route)
            diagnostics.Add(PlanErrors.GitHostIsInspected(host, route.Host, route.Source ?? "", remote.Upstream.Where));
    }

    private static void CheckAddresses(GitRemoteManifest remote, IReadOnlyList<GitRemoteManifest> all, List<Diagnostic> diagnostics)
    {
        if (remote.HostIp is not { } address)
            return;
        var host = remote.Upstream.Value.Host;
        if (remote.IdentityFile is null)
            diagnostics.Add(PlanErrors.HostIpConflict(address, $"the test upstream '{host}' has its own address"));
        if (all.FirstOrDefault(other => other.Upstream.Value.Host == host && other.HostIp is not null && other.HostIp.Value != address.Value) is { } conflict)
            diagnostics.Add(PlanErrors.HostIpConflict(address, $"'{host}' is {conflict.HostIp!.Value} elsewhere"));
    }
}
