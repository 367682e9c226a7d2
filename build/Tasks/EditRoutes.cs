using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Apply;
using Bottle.Host.Supervision;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Opens the route table of a running bottle, and its budget, in $EDITOR, checks it, shows the diff, asks, and applies it; pipelock follows (SPEC J2).</summary>
[TaskDescription("Edits the route table of a running bottle in $EDITOR (--bottle)")]
[Takes("bottle", "diff", "yes")]
internal sealed class EditRoutes : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var here = new Operator(context);
        var bottle = here.Bottle(nameof(EditRoutes));
        var table = await here.Desk.TableAsync(bottle, context.Cancellation);
        var (edited, shown) = await here.EditAsync(RouteEditor.Text(table, $"What the agent of {bottle} may ask for, from the first route that fits; 'budget' is what the whole run may use."), text =>
        {
            var read = RouteEditor.Read(text, table);
            return (read, here.Desk.PrepareTableAsync(bottle, read, context.Cancellation).GetAwaiter().GetResult());
        });
        context.Console.Say(ProposalText.Render(shown).TrimEnd('\n'));
        // Whoever wrote it has seen it: a script may say so.
        if (!context.Arguments.Yes) await here.ConfirmAsync(shown.ShortHash, $"--diff={shown.ShortHash}, or --yes");
        here.Say(bottle, null, await here.Desk.ApplyTableAsync(bottle, edited, shown, context.Cancellation));
    }
}
