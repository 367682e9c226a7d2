using System.Diagnostics;
using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Bottle.Host.Terminals;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>What <c>--detach</c> leaves behind: owns the run as any launch does, runs the agent on a terminal that it keeps itself, and tears down when the agent ends (src/decisions/0016).</summary>
[TaskDescription("Runs the agent without a terminal until it ends, then tears down; --detach starts it")]
[IsDependentOn(typeof(Provision))]
[Takes("bottle", "keep", "prompt")]
internal sealed class Keep : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        var interactive = plan.Agent.Request is null;
        var clock = Stopwatch.StartNew();
        // To whoever looks, this is the agent's stage.
        context.Launch.Begin(nameof(Attach));
        var keeper = context.Launch.Keeper = new TerminalKeeper(context.Launch.RequiredClaim[StateLayout.TerminalSocket]);
        await AgentSession.RunAsync(context, environment =>
            keeper.RunAsync(context.Runner, DockerEngine.AttachExec(plan.Names.Container("agent"), plan.Agent.Invocation, interactive, interactive ? AgentSession.OnThisTerminal(plan, environment) : environment, interactive: interactive), context.Cancellation));
        new RunRecords(context.Home, TimeProvider.System).WriteExit(plan.Identity, context.Launch.AgentExit!.Value);
        context.Launch.Record(new StageRecord(nameof(Attach), StageRecord.Succeeded, TimeProvider.System.GetUtcNow() - clock.Elapsed, (long)clock.Elapsed.TotalMilliseconds) { Cause = StageRun.EveryTime });
        context.Launch.End(nameof(Attach));
        context.Console.Say($"the agent ended with exit code {context.Launch.AgentExit}");
    }
}
