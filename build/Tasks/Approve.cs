using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Supervision;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Grants what an agent asks: shows exactly what will be applied, asks (or takes <c>--diff</c>), applies it, and waits until both sidecars have confirmed it.</summary>
[TaskDescription("Grants what an agent asks (--bottle --proposal [--lease] [--edit] [--diff])")]
[Takes("bottle", "proposal", "lease", "edit", "diff")]
internal sealed class Approve : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var here = new Operator(context);
        var (bottle, id, lease) = (here.Bottle(nameof(Approve), " --proposal=egress-block-1a2b3c4d"), here.Proposal(nameof(Approve)), here.Lease());
        if (await new CapabilityApproval(context, here).TryAsync(bottle, id)) return;
        var instead = context.Arguments.Edit ? await EditAsync(context, here, bottle, id) : null;
        var decision = await here.Desk.PrepareAsync(bottle, id, lease, instead, context.Cancellation);
        context.Console.Say(ProposalText.Render(new ProposalView
        {
            Identity = bottle,
            Proposal = decision.Proposal,
            Age = here.Desk.AgeOf(decision.Proposal),
            Change = decision.Shown,
            Hash = decision.ShortHash,
            AlsoAllows = decision.AlsoAllows,
        }).TrimEnd('\n'));
        await here.ConfirmAsync(decision.ShortHash, $"--diff={decision.ShortHash}");
        here.Say(bottle, id, await here.Desk.ApproveAsync(decision, context.Cancellation));
    }

    private static async Task<Route> EditAsync(BottleContext context, Operator here, string bottle, string id)
    {
        var asked = (await here.Desk.PrepareAsync(bottle, id, cancellationToken: context.Cancellation)).Proposal;
        if (asked.NarrowRoute is not { } route) throw new BottleException(ApprovalErrors.EditUnusable("this proposal asks for no route; approve it as it is, or use --target=EditRoutes"));
        var table = new RoutesFile { Generation = 0, Routes = [route] };
        return await here.EditAsync(RouteEditor.Text(table, $"What {bottle} asks for with {id}; grant it otherwise."), text => RouteEditor.ReadOne(text, table));
    }
}
