using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Sessions;

/// <summary>The end of a run that another process owns: that process is asked, tears down, and is waited for.</summary>
public sealed class RunEnd(BottleHome home, StateStore store)
{
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks the owner, and waits until the run is nobody's; cancelled, it has asked all the same.</summary>
    /// <exception cref="BottleException">BTL5205: it does not end.</exception>
    public async Task AskAsync(string identity, CancellationToken cancellationToken = default)
    {
        var owner = RunLock.Holder(home.State(identity));
        // Nobody else writes his number there while the lock is held.
        if (owner is not { } process || !store.IsHeld(identity) || !ProcessSignal.Terminate(process))
            return;
        for (var end = TimeProvider.System.GetUtcNow() + MayTake; store.IsHeld(identity); await Task.Delay(Between, cancellationToken).ConfigureAwait(false))
        {
            if (TimeProvider.System.GetUtcNow() > end)
                throw new BottleException(DetachErrors.DoesNotEnd(identity, process));
        }
    }
}
