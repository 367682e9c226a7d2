using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Host.Capability;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Makes supervise's folders: the queue, and what it shows of the agent's image, which is the Dockerfile as it was accepted and nothing else (SPEC D4, I3).</summary>
[TaskDescription("Makes supervise's queue, and shows it the agent's Dockerfile")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderSupervise : Stage
{
    protected override async Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Supervise is null) return [StageInput.Of("supervise", "none")];
        return plan.Agent.Dockerfile is null ? [StageInput.Of("supervise", "without a Dockerfile")]
            : [StageInput.Of("supervise", "with a Dockerfile"), StageInput.Of("the agent's Dockerfile", await File.ReadAllTextAsync(Dockerfile(context), context.Cancellation), plan.Agent.Dockerfile)];
    }

    protected override IEnumerable<string> Outputs(BottleContext context) =>
        context.Launch.RequiredPlan is { Supervise: not null, Agent.Dockerfile: not null } ? [StateLayout.SuperviseDockerfile] : [];

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Supervise is null)
        {
            context.Console.Note("none: the agent may not ask");
            return;
        }
        var writer = context.Launch.Writer;
        foreach (var folder in Folders) writer.CreateDirectory(folder);
        if (plan.Agent.Dockerfile is not null)
            writer.Write(StateLayout.SuperviseDockerfile, await File.ReadAllBytesAsync(Dockerfile(context), context.Cancellation));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Supervise is null) yield break;
        foreach (var folder in Folders) yield return $"create {folder}/";
        if (plan.Agent.Dockerfile is { } dockerfile) yield return $"copy {dockerfile} to {StateLayout.SuperviseDockerfile}";
    }

    // As it was accepted, or what approved steps have made of it.
    private static string Dockerfile(BottleContext context) =>
        context.StateToRead is { } state && RunImage.Read(state) is not null ? state[StateLayout.RunDockerfile] : context.Catalogue.Agent(context.Launch.RequiredManifests.ImageName).Dockerfile;

    private static string[] Folders => [StateLayout.SuperviseProposals, StateLayout.SuperviseAnswers, StateLayout.SuperviseCurrentConfig];
}
