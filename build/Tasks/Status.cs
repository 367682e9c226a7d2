using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Shows the stages of a run: done, stale and why, failed, blocked. Only looks; where manifests or engine cannot be read, it shows what is recorded and says so.</summary>
[TaskDescription("Shows the stages of a run: what is done, stale, failed or blocked, and why (--bottle)")]
[Takes("bottle")]
internal sealed class Status : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Status), "dotnet cake --target=Status --bottle=demo-k3x9a"));
        if (context.Store.Open(identity) is null) throw context.IsMissing(identity);
        context.Launch.Identity = identity;
        string? problem = null;
        try
        {
            await ResolveManifest.ResolveAsync(context);
            var probe = await context.Engine.ProbeAsync(context.Cancellation);
            await context.Planner.PlanForRunAsync(hostIsRequired: false, probe.Require());
        }
        catch (BottleException unreadable)
        {
            problem = unreadable.Diagnostics[0].Message;
        }
        var run = RunView.Read(context, identity);
        var stages = await StageView.ReadAsync(context, judges: problem is null);
        context.Console.Data.WriteLine(context.Arguments.Json ? RunJson.Status(run, problem, stages) : RunText.Status(run, problem, stages));
    }
}
