using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Containers mount folders of their own run, read-only but for egress's log, the gate's repositories and supervise's questions; only egress sees the tokens; the engine's socket is nobody's.</summary>
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
        if (mount.Source == plan.Egress?.TokensDirectory)
            return service == "egress" && mount.ReadOnly;
        if (!Owned(plan, service).Any(folder => mount.Source == folder || mount.Source.StartsWith(folder + "/", StringComparison.Ordinal)))
            return false;
        return mount.ReadOnly
            || (service == "egress" && mount.Source == $"./{StateLayout.EgressLogDirectory}")
            || (service == "git-gate" && mount.Source == $"./{StateLayout.GitGateRepositories}")
            || (service == "supervise" && mount.Source == $"./{StateLayout.SuperviseProposals}");
    }

    private static string[] Owned(BottlePlan plan, string service) =>
        service == "egress" ? [$"./{StateLayout.EgressDirectory}", $"./{StateLayout.EgressLogDirectory}"]
        : service == plan.Pipelock?.Service ? [$"./{StateLayout.PipelockDirectory}"]
        : [$"./{service}"];
}
