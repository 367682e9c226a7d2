using Bottle.Core.Planning;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Makes supervise's folders: the queue, and what it shows of the agent's image, which is the Dockerfile as it was accepted and nothing else (SPEC D4, I3).</summary>
[TaskDescription("Makes supervise's queue, and shows it the agent's Dockerfile")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class RenderSupervise : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
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
            writer.Write(StateLayout.SuperviseDockerfile, await File.ReadAllBytesAsync(context.Catalogue.Agent(plan.AgentName).Dockerfile, context.Cancellation));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Supervise is null) yield break;
        foreach (var folder in Folders) yield return $"create {folder}/";
        if (plan.Agent.Dockerfile is { } dockerfile) yield return $"copy {dockerfile} to {StateLayout.SuperviseDockerfile}";
    }

    private static string[] Folders => [StateLayout.SuperviseProposals, StateLayout.SuperviseAnswers, StateLayout.SuperviseCurrentConfig];
}
