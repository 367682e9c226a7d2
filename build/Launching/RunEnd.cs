using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The end of a run that another process owns: that process is asked, tears down, and is waited for.</summary>
internal static class RunEnd
{
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks the owner, and waits until the run is nobody's.</summary>
    /// <exception cref="BottleException">BTL5205: it does not end.</exception>
    internal static async Task AskAsync(BottleContext context, string identity)
    {
        var owner = RunLock.Holder(context.Home.State(identity));
        // Nobody else writes his number there while the lock is held.
        if (owner is not { } process || !context.Store.IsHeld(identity) || !ProcessSignal.Terminate(process)) return;
        for (var end = TimeProvider.System.GetUtcNow() + MayTake; context.Store.IsHeld(identity); await Task.Delay(Between, context.Cancellation))
            if (TimeProvider.System.GetUtcNow() > end) throw new BottleException(DetachErrors.DoesNotEnd(identity, process));
    }
}
