using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Build.Runs;
using Bottle.Core.Planning;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Gives a run more of its budget (SPEC N10): a policy change as an approval is one, confirmed by egress; what was refused passes again without a restart.</summary>
[TaskDescription("Gives a run more of its budget (--bottle --requests=+5000 --minutes --bytes --tokens)")]
[Takes("bottle", "minutes", "requests", "bytes", "tokens")]
internal sealed class Extend : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var here = new Operator(context);
        var bottle = here.Bottle(nameof(Extend), " --requests=+5000");
        var extension = await here.Desk.ExtendAsync(bottle, here.Grants(nameof(Extend), bottle), context.Cancellation);
        var change = extension.Outcome.Change;
        context.Warn(change.Warnings);
        if (context.Arguments.Json)
        {
            context.Console.Data.WriteLine(RunJson.Document(json =>
            {
                json.WriteString("identity", bottle);
                json.WriteNumber("revision", change.To.Revision);
                RunJson.Budget(json, extension.Budget);
            }));
            return;
        }
        here.Say(bottle, null, extension.Outcome);
        context.Console.Say($"{bottle}: {BudgetText.Used(extension.Budget)}");
    }
}
