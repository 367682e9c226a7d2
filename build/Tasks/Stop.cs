using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Ends a run wherever it runs: asks the process that owns it, which tears down, and waits for it; what nobody owns is removed here.</summary>
[TaskDescription("Ends a run (--bottle) and removes it")]
[Takes("bottle", "keep")]
internal sealed class Stop : AsyncFrostingTask<BottleContext>
{
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Stop), "dotnet cake --target=Stop --bottle=demo-k3x9a"));
        if (context.Arguments.Keep) context.Store.Open(identity)?.Preserve("Stop --keep");
        var wasHeld = context.Store.IsHeld(identity);
        if (wasHeld) await EndAsync(context, identity);
        var reaper = new Reaper(context.Home, context.Store, context.Engine);
        var isThere = (await reaper.FindAsync(context.Cancellation)).Any(run => run.Identity == identity);
        if (!isThere && !wasHeld) throw new BottleException(LaunchErrors.NoSuchRun(identity));
        if (isThere) await reaper.ReapAsync(identity, removeState: !context.Arguments.Keep, cancellationToken: context.Cancellation);
        context.Console.Say(context.Arguments.Keep && isThere ? $"{identity} is stopped; go on with: dotnet cake --target=Resume --bottle={identity}" : $"{identity} is stopped and removed");
    }

    private static async Task EndAsync(BottleContext context, string identity)
    {
        var owner = RunLock.Holder(context.Home.State(identity));
        // Nobody else writes his number there while the lock is held.
        if (owner is not { } process || !context.Store.IsHeld(identity) || !ProcessSignal.Terminate(process)) return;
        for (var end = TimeProvider.System.GetUtcNow() + MayTake; context.Store.IsHeld(identity); await Task.Delay(Between, context.Cancellation))
            if (TimeProvider.System.GetUtcNow() > end) throw new BottleException(DetachErrors.DoesNotEnd(identity, process));
    }
}
