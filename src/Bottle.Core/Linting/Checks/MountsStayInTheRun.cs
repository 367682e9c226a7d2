using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Containers mount folders of their own run, read-only but for egress's log, the gate's repositories, supervise's questions, the agent's home and its copy of the operator's directory; a directory of the operator's is the agent's alone, and only the one that was named; only egress sees the tokens; the engine's socket is nobody's.</summary>
internal sealed class MountsStayInTheRun : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        foreach (var service in compose.Services)
        {
            foreach (var mount in service.Mounts.Where(m => !IsAllowed(plan, service.Name, m)))
                yield return LintErrors.MountNotAllowed(service.Name, mount.Source);
        }
    }

    private static bool IsAllowed(BottlePlan plan, string service, ComposeMount mount)
    {
        if (mount.Source.Contains("docker.sock", StringComparison.Ordinal) || mount.Source.Split('/').Contains(".."))
            return false;
        if (plan.Workspace is { Kind: WorkspaceKind.Mount } workspace && IsBelow(mount.Source, workspace.Source))
            return service == "agent" && mount.Target == workspace.Target + mount.Source[workspace.Source.Length..] && (mount.ReadOnly || mount.Source == workspace.Source);
        if (mount.Source == plan.Egress?.TokensDirectory)
            return service == "egress" && mount.ReadOnly;
        if (!Owned(plan, service).Any(folder => IsBelow(mount.Source, folder)))
            return false;
        return mount.ReadOnly
            || (service == "egress" && mount.Source == $"./{StateLayout.EgressLogDirectory}")
            || (service == "agent" && (mount.Source, mount.Target) == ($"./{StateLayout.AgentHome}", StateLayout.AgentHomeMount))
            || (service == "agent" && plan.Workspace is { Kind: WorkspaceKind.Copy } copy && (mount.Source, mount.Target) == ($"./{StateLayout.AgentWork}", copy.Target))
            || (service == "git-gate" && mount.Source == $"./{StateLayout.GitGateRepositories}")
            || (service == "supervise" && mount.Source == $"./{StateLayout.SuperviseProposals}");
    }

    private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string[] Owned(BottlePlan plan, string service) =>
        service == "egress" ? [$"./{StateLayout.EgressDirectory}", $"./{StateLayout.EgressLogDirectory}"]
        : service == plan.Pipelock?.Service ? [$"./{StateLayout.PipelockDirectory}"]
        : [$"./{service}"];
}
