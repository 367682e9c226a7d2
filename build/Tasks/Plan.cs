using Bottle.Build.Doors;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Prints what a launch would be; reads no secret, writes nothing, needs no engine.</summary>
[TaskDescription("Prints what would run (--format=json for programs)")]
[IsDependentOn(typeof(ResolveManifest))]
[Takes("agent", "prompt", "manifests", "strict", "bottle", "allow-stand-in", "allow-test-upstream", "upstream-ca")]
internal sealed class Plan : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var plan = await context.Planner.PlanAsync(hostIsRequired: context.Arguments.Strict, engine: null);
        context.Console.Data.WriteLine(context.Arguments.Json ? PlanJson.Render(plan, context.Launch.Diagnostics) : PlanText.Render(plan));
    }
}
