using Bottle.Build.Console;
using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Workspaces;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes what an agent changed into the directory that was copied, after a person has looked at it: all of it or nothing, and without what this machine would run, unless that is named.</summary>
[TaskDescription("Writes what an agent changed into the folder that was copied, after you have looked (--bottle [--include])")]
[Takes("bottle", "include", "yes")]
internal sealed class Bring : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var identity = new Operator(context).Bottle(nameof(Bring));
        var bringer = new WorkBringer(context.Home, context.Runner, TimeProvider.System);
        if (context.Store.IsHeld(identity)) await new WorkSaver(context.Home, context.Engine, TimeProvider.System).SaveAsync(context.Store.Open(identity)!, context.Cancellation);
        var work = bringer.Read(identity);
        var selection = await bringer.SelectAsync(identity, context.Arguments.Included, context.Cancellation);
        context.Console.Line($"into {InertText.Line(work.Directory)}:");
        foreach (var file in selection.Files) context.Console.Line($"  {WorkSummary.Line(file with { Flag = null })}");
        foreach (var file in selection.LeftOut) context.Console.Say($"  left out: {InertText.Line(file.Path)}: {file.Flag}; --include={InertText.Line(file.Path)} takes it");
        if (selection.Files.Count == 0)
        {
            context.Console.Say("there is nothing to write");
            return;
        }
        if (selection.IsThere)
        {
            context.Console.Say("all of this is there already; nothing is to be written");
            return;
        }
        await ConfirmAsync(context, identity);
        await bringer.BringAsync(identity, selection, context.Cancellation);
        context.Console.Say($"{selection.Files.Count} {(selection.Files.Count == 1 ? "file is" : "files are")} written; nothing was committed");
    }

    private static async Task ConfirmAsync(BottleContext context, string identity)
    {
        if (context.Arguments.Yes) return;
        if (!Operator.IsThere) throw new BottleException(WorkspaceErrors.NobodyToAsk(identity));
        if (!await Question.IsYesAsync(context, "Write these? [y/N] ")) throw new BottleException(WorkspaceErrors.NotBrought());
    }
}
