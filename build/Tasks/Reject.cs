using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Refuses what an agent asks, with a reason that it reads.</summary>
[TaskDescription("Refuses what an agent asks (--bottle --proposal --reason)")]
[Takes("bottle", "proposal", "reason")]
internal sealed class Reject : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var here = new Operator(context);
        var (bottle, id) = (here.Bottle(nameof(Reject), " --proposal=egress-block-1a2b3c4d --reason=\"not needed\""), here.Proposal(nameof(Reject)));
        var reason = context.Arguments.Reason ?? throw new BottleException(CommandLineErrors.MissingArgument("reason", nameof(Reject), $"dotnet cake --target=Reject --bottle={bottle} --proposal={id} --reason=\"use the mirror\""));
        await here.Desk.RejectAsync(bottle, id, reason, context.Cancellation);
        context.Console.Say($"{bottle}: {id} is rejected; the agent reads the reason");
    }
}
