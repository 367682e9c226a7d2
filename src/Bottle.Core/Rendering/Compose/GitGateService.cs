using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The git-gate's service, by the contract in src/Bottle.GitGate/README.md.</summary>
internal static class GitGateService
{
    /// <summary>The service for a plan.</summary>
    public static ComposeService From(BottlePlan plan, GitGatePlan gate) => new()
    {
        Name = ComposeServices.GitGate,
        ContainerName = plan.Names.Container(ComposeServices.GitGate),
        Image = gate.Image,
        User = plan.RunAs.ToString(),
        Limits = gate.Limits,
        Labels = ComposeServices.Labels(plan, ComposeServices.GitGate),
        Environment = [new("DOTNET_EnableDiagnostics", "0"), new("GIT_GATE_UPSTREAM_PROXY", "http://pipelock:8888")],
        Mounts =
        [
            new(ComposeServices.InState(StateLayout.GitGateDirectory), StateLayout.GitGateMount),
            new(ComposeServices.InState(StateLayout.GitGateKeysDirectory), StateLayout.GitGateKeysMount),
            new(ComposeServices.InState(StateLayout.GitGateRepositories), StateLayout.GitGateRepositoriesMount, ReadOnly: false),
        ],
        // ssh's sockets, and what a scan unpacks.
        Tmpfs = ["/tmp:size=256m,mode=1777,noexec,nosuid,nodev"],
        Networks = [new(ComposeNetworks.Internal), new(ComposeNetworks.Relay)],
        DependsOn = [.. plan.Pipelock is { } pipelock ? (ComposeDependency[])[new(pipelock.Service, Healthy: false)] : []],
        RestartsOnFailure = true,
        Healthcheck = ["CMD", "git-gate", "healthcheck"],
    };
}
