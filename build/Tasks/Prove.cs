using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Sessions;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>
/// Holds what runs against what was planned, before the agent's first command: the engine's own account of the agent's container and networks. With
/// a test upstream of ours, canaries are put on the host and outside, and shown to answer a container that is not confined; the agent is told where they are.
/// </summary>
[TaskDescription("Checks the running containers' confinement and puts up canaries")]
[IsDependentOn(typeof(ComposeUp))]
internal sealed class Prove : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        var found = await (context.Launch.Confinement ?? new ConfinementCheck(context.Engine).RunAsync(plan, context.Cancellation));
        if (found.Count > 0) throw new BottleException([.. found.Select(LaunchErrors.NotConfined)]);
        context.Console.Note("the agent's container is on the internal network alone, without capabilities");
        if (plan.TestUpstreams.FirstOrDefault(upstream => context.Catalogue.DemoUpstream.Tag == upstream.Image) is not { } upstream) return;
        context.Launch.Canaries = await CanarySet.OpenAsync(context.Engine, plan, upstream, context.Cancellation);
        context.Console.Note($"confined; {context.Launch.Canaries.Count} canaries answer from outside the bottle");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["inspect the agent's container: networks, capabilities, mounts, user"];
}
