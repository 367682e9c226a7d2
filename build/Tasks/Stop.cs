using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Sessions;
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
        if (!isThere && !wasHeld) throw new BottleException(LaunchErrors.NoSuchRun(identity));
        if (isThere) await reaper.ReapAsync(identity, removeState: !context.Arguments.Keep, cancellationToken: context.Cancellation);
        context.Console.Say(context.Arguments.Keep && isThere ? $"{identity} is stopped; go on with: dotnet cake --target=Resume --bottle={identity}" : $"{identity} is stopped and removed");
    }
}
