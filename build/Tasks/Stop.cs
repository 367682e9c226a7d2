using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Host.Workspaces;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Ends a run wherever it runs: asks the process that owns it, which tears down, and waits for it; what nobody owns is removed here.</summary>
[TaskDescription("Ends a run (--bottle) and removes it")]
[Takes("bottle", "keep")]
internal sealed class Stop : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Stop), "dotnet cake --target=Stop --bottle=demo-k3x9a"));
        if (context.Arguments.Keep) context.Store.Open(identity)?.Preserve("Stop --keep");
        var wasHeld = context.Store.IsHeld(identity);
        if (wasHeld) await new RunEnd(context.Home, context.Store).AskAsync(identity, context.Cancellation);
        var reaper = new Reaper(context.Home, context.Store, context.Engine);
        var isThere = (await reaper.FindAsync(context.Cancellation)).Any(run => run.Identity == identity);
        if (!isThere && !wasHeld) throw context.IsMissing(identity);
        if (isThere) await reaper.ReapAsync(identity, removeState: !context.Arguments.Keep, beforeRemoval: state => LeftoverWork.SaveAsync(context, state), cancellationToken: context.Cancellation);
        if (wasHeld && File.Exists(Path.Combine(context.Home.Runs(identity), RunRecords.Work)))
            LeftoverWork.Say(context, identity, new WorkBringer(context.Home, context.Runner, TimeProvider.System).Read(identity));
        context.Console.Say(context.Arguments.Keep && isThere ? $"{identity} is stopped; go on with: dotnet cake --target=Resume --bottle={identity}" : $"{identity} is stopped and removed");
    }
}
