using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Host.Supervision;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Lists what the agents of running bottles ask, with what approving would do now, and finishes what a killed command left.</summary>
[TaskDescription("Lists what agents ask, with the diff that approving would make (--bottle for one)")]
[Takes("bottle")]
internal sealed class Proposals : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var bottles = await new Operator(context).Desk.ListAsync(context.Arguments.Bottle, context.Cancellation);
        foreach (var recovered in bottles.Select(bottle => bottle.Recovered).OfType<Bottle.Host.Apply.Recovery>()) context.Console.Say($"{recovered}");
        context.Console.Data.WriteLine(context.Arguments.Json ? ProposalsJson.Render(bottles) : context.Door.Spoken(ProposalText.Render(bottles)));
        if (bottles.Select(bottle => bottle.Problem).OfType<Diagnostic>().ToList() is { Count: > 0 } problems) throw new BottleException(problems);
    }
}
