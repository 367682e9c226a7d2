using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The services of the Compose file, in its order: the agent, then its sidecars outwards.</summary>
internal static class ComposeServices
{
    /// <summary>The agent's service.</summary>
    public const string Agent = "agent";

    /// <summary>Our proxy.</summary>
    public const string Egress = "egress";

    /// <summary>The gate in front of git repositories.</summary>
    public const string GitGate = "git-gate";

    /// <summary>Where the agent asks.</summary>
    public const string Supervise = "supervise";

    /// <summary>The third-party firewall, whichever instance runs.</summary>
    public const string Pipelock = "pipelock";

    /// <summary>A small in-memory folder for programs that insist on one.</summary>
    public static readonly string[] SidecarTmpfs = ["/tmp:size=16m,mode=1777,noexec,nosuid,nodev"];

    /// <summary>Those that the plan has.</summary>
    public static IEnumerable<ComposeService> All(BottlePlan plan)
    {
        yield return AgentService.From(plan);
        if (plan.Egress is { } egress)
            yield return EgressService(plan, egress);
        if (plan.GitGate is { } gate)
            yield return GitGateService.From(plan, gate);
        if (plan.Supervise is { } supervise)
            yield return SuperviseService.From(plan, supervise);
        if (plan.Pipelock is { } pipelock)
            yield return PipelockService(plan, pipelock);
        foreach (var service in plan.Services)
            yield return UserService.From(plan, service);
        foreach (var upstream in plan.TestUpstreams)
            yield return UpstreamService(plan, upstream);
    }

    /// <summary>The labels by which teardown finds what is ours (SPEC D12).</summary>
    public static IReadOnlyList<ComposeEntry> Labels(BottlePlan plan, string service) =>
    [
        new(BottleNames.HomeLabel, plan.HomeHash),
        new(BottleNames.IdentityLabel, plan.Identity),
        new(BottleNames.ServiceLabel, service),
    ];

    /// <summary>A folder of the state directory as Compose names it.</summary>
    public static string InState(string path) => $"./{path}";

    private static ComposeService EgressService(BottlePlan plan, EgressPlan egress) => new()
    {
        Name = Egress,
        ContainerName = plan.Names.Container(Egress),
        Image = egress.Image,
        User = plan.RunAs.ToString(),
        Limits = egress.Limits,
        Labels = Labels(plan, Egress),
        Environment =
        [
            new("DOTNET_EnableDiagnostics", "0"),
            new("EGRESS_UPSTREAM_CA", "/etc/egress/pipelock-ca.pem"),
            // The first instance by the name that no other has: routes.yaml names one that replaced it, and egress goes on as it is.
            new("EGRESS_UPSTREAM_PROXY", "http://pipelock-r1:8888"),
        ],
        Mounts =
        [
            new(InState(StateLayout.EgressDirectory), StateLayout.EgressMount),
            new(InState(StateLayout.EgressLogDirectory), StateLayout.EgressLogMount, ReadOnly: false),
            .. egress.Tokens.Count == 0 ? (ComposeMount[])[] : [new(egress.TokensDirectory, StateLayout.TokensMount)],
        ],
        Tmpfs = SidecarTmpfs,
        Networks = [new(ComposeNetworks.Internal), new(ComposeNetworks.Relay)],
        // Started is enough between the two: the agent waits until both are healthy, and they come up side by side.
        DependsOn = [.. plan.Pipelock is { } pipelock ? (ComposeDependency[])[new(pipelock.Service, Healthy: false)] : []],
        RestartsOnFailure = true,
        Healthcheck = ["CMD", "/egress", "healthcheck"],
    };

    private static ComposeService PipelockService(BottlePlan plan, PipelockPlan pipelock) => new()
    {
        Name = pipelock.Service,
        ContainerName = plan.Names.Container(pipelock.Service),
        Image = pipelock.Image,
        User = plan.RunAs.ToString(),
        Limits = pipelock.Limits,
        Labels = Labels(plan, pipelock.Service),
        Command = ["run", "--config", $"{StateLayout.PipelockMount}/{pipelock.Service}.yaml"],
        Environment = pipelock.HasOwnRoots ? [new("SSL_CERT_FILE", "/etc/pipelock/roots.pem")] : [],
        Mounts = [new(InState(StateLayout.PipelockDirectory), StateLayout.PipelockMount)],
        Tmpfs = SidecarTmpfs,
        // A service's own name is an alias; the other one is for those who follow a table, or do not care.
        Networks = [new(ComposeNetworks.Egress), new(ComposeNetworks.Relay, Alias: pipelock.Service == Pipelock ? pipelock.Alias : Pipelock)],
        ExtraHosts = [.. pipelock.ExtraHosts.Select(entry => new ComposeEntry(entry.Host, entry.Address))],
        ResolvesOutside = pipelock.ResolvesOutside,
        RestartsOnFailure = true,
        Healthcheck = ["CMD", "/pipelock", "healthcheck"],
    };

    private static ComposeService UpstreamService(BottlePlan plan, TestUpstreamPlan upstream) => new()
    {
        Name = upstream.Service,
        ContainerName = plan.Names.Container(upstream.Service),
        Image = upstream.Image,
        User = plan.RunAs.ToString(),
        Limits = upstream.Limits,
        Labels = Labels(plan, upstream.Service),
        Mounts = [new(InState(StateLayout.UpstreamDirectory(upstream.Service)), StateLayout.UpstreamMount)],
        Tmpfs = SidecarTmpfs,
        Networks = [new(ComposeNetworks.Egress, upstream.Address, upstream.Host)],
    };
}
