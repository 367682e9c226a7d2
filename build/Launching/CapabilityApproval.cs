using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Capability;
using Bottle.Host.Supervision;

namespace Bottle.Build.Launching;

/// <summary>The approval of steps on the agent's image (SPEC K5): shows them, asks, runs them, shows what they changed, ends the run with its state kept, and says how it goes on.</summary>
internal sealed class CapabilityApproval(BottleContext context, Operator here)
{
    private readonly CapabilityDesk desk = new(context.Apply, context.Runner);

    /// <summary>Whether the proposal is one of these.</summary>
    internal async Task<bool> TryAsync(string identity, string proposal)
    {
        if (await desk.PrepareAsync(identity, proposal, context.Cancellation) is not { } decision) return false;
        if (context.Arguments.Lease is not null || context.Arguments.Edit) throw new BottleException(CapabilityErrors.NotLikeARoute(proposal));
        context.Console.Say(decision.Shown);
        await here.ConfirmAsync(decision.ShortHash, $"--diff={decision.ShortHash}");
        var changes = await desk.ApproveAsync(decision, context.Console.Progress, context.Cancellation);
        context.Console.Say(CapabilityText.Tell(changes).TrimEnd('\n'));
        await desk.EndAsync(identity, context.Cancellation);
        if (context.Arguments.Json) context.Console.Data.WriteLine(ProposalsJson.Render(identity, proposal, changes));
        else context.Console.Say($"{identity} has ended and its state is kept; it goes on with the new image by: dotnet cake --target=Resume --bottle={identity}");
        return true;
    }
}
