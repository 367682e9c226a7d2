using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The agent's service: it sleeps under an init, and people execute the agent's command inside.</summary>
internal static class AgentService
{
    // Debian and what follows it; where update-ca-certificates would add it; Alpine and the BSD habit; Fedora, RHEL and SUSE.
    private static readonly string[] TrustTargets =
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/usr/local/share/ca-certificates/claude-bottle-mitm-ca.crt",
        "/etc/ssl/cert.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
    ];

    /// <summary>The service for a plan.</summary>
    public static ComposeService From(BottlePlan plan) => new()
    {
        Name = ComposeServices.Agent,
        ContainerName = plan.Names.Container(ComposeServices.Agent),
        Image = plan.Agent.Image,
        User = plan.RunAs.ToString(),
        Limits = plan.Agent.Limits,
        Runtime = plan.Agent.Runtime.Name,
        Labels = ComposeServices.Labels(plan, ComposeServices.Agent),
        Entrypoint = ["sleep", "infinity"],
        WorkingDirectory = plan.Workspace?.Target,
        Environment = [.. plan.Agent.Environment.Select(v => new ComposeVariable(v.Name, v.Literal))],
        Mounts = [.. Mounts(plan)],
        // Docker's default for tmpfs is noexec, which breaks scripts and builds.
        Tmpfs = ["/tmp:size=1g,mode=1777,exec,nosuid,nodev"],
        Networks = [new(ComposeNetworks.Internal)],
        DependsOn =
        [
            .. Sidecars(plan).Select(service => new ComposeDependency(service, Healthy: true)),
            .. plan.Services.Select(service => new ComposeDependency(service.Name, Healthy: service.Healthcheck is not null)),
        ],
    };

    private static IEnumerable<string> Sidecars(BottlePlan plan)
    {
        if (plan.Egress is not null)
            yield return ComposeServices.Egress;
        if (plan.GitGate is not null)
            yield return ComposeServices.GitGate;
        if (plan.Supervise is not null)
            yield return ComposeServices.Supervise;
        if (plan.Pipelock is { } pipelock)
            yield return pipelock.Service;
    }

    /// <summary>What a program needs to find its way out by egress: the scripts that lead it there, and whom it trusts.</summary>
    public static IEnumerable<ComposeMount> TrustMounts(BottlePlan plan)
    {
        yield return new ComposeMount(ComposeServices.InState(StateLayout.AgentInputDirectory), StateLayout.AgentInputMount);
        foreach (var target in plan.Egress is null ? [] : TrustTargets)
            yield return new ComposeMount(ComposeServices.InState(StateLayout.AgentTrust), target);
        if (plan.Egress is not null)
            yield return new ComposeMount(ComposeServices.InState(StateLayout.AgentJavaTrust), StateLayout.AgentJavaTrustMount);
    }

    private static IEnumerable<ComposeMount> Mounts(BottlePlan plan)
    {
        foreach (var mount in TrustMounts(plan))
            yield return mount;
        if (plan.Agent.NeedsPasswdEntry)
            yield return new ComposeMount(ComposeServices.InState(StateLayout.AgentPasswd), "/etc/passwd");
        yield return new ComposeMount(ComposeServices.InState(StateLayout.AgentHome), StateLayout.AgentHomeMount, ReadOnly: false);
        if (plan.Workspace is not { } workspace)
            yield break;
        yield return new ComposeMount(workspace.Kind == WorkspaceKind.Copy ? ComposeServices.InState(StateLayout.AgentWork) : workspace.Source, workspace.Target, ReadOnly: false);
        foreach (var path in workspace.Protected)
            yield return new ComposeMount($"{workspace.Source}/{path}", $"{workspace.Target}/{path}");
    }
}
