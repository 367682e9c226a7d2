using System.Globalization;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The supervise sidecar's service (SPEC I1): on internal alone, it takes questions down and shows answers that it cannot write.</summary>
internal static class SuperviseService
{
    /// <summary>The port of its MCP endpoint (SPEC D12).</summary>
    public const int Port = 9100;

    /// <summary>The service for a plan.</summary>
    public static ComposeService From(BottlePlan plan, SupervisePlan supervise) => new()
    {
        Name = ComposeServices.Supervise,
        ContainerName = plan.Names.Container(ComposeServices.Supervise),
        Image = supervise.Image,
        User = plan.RunAs.ToString(),
        Limits = supervise.Limits,
        Labels = ComposeServices.Labels(plan, ComposeServices.Supervise),
        Environment =
        [
            new("DOTNET_EnableDiagnostics", "0"),
            new("SUPERVISE_BOTTLE_SLUG", plan.Identity),
            new("SUPERVISE_PORT", Port.ToString(CultureInfo.InvariantCulture)),
            new("SUPERVISE_QUEUE_DIR", StateLayout.SuperviseQueueMount),
        ],
        Mounts =
        [
            new(ComposeServices.InState(StateLayout.SuperviseProposals), StateLayout.SuperviseProposalsMount, ReadOnly: false),
            new(ComposeServices.InState(StateLayout.SuperviseAnswers), StateLayout.SuperviseAnswersMount),
            new(ComposeServices.InState(StateLayout.SuperviseCurrentConfig), StateLayout.SuperviseCurrentConfigMount),
        ],
        Tmpfs = ComposeServices.SidecarTmpfs,
        Networks = [new(ComposeNetworks.Internal)],
        RestartsOnFailure = true,
        Healthcheck = ["CMD", "/supervise", "healthcheck"],
    };
}
