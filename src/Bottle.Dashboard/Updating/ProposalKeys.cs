using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.View;
using Bottle.Host.Supervision;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of the page with what agents ask.</summary>
internal static class ProposalKeys
{
    public static (DashboardModel, Wish?) Press(DashboardModel model, Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Up:
                return (Choose(model, -1), null);
            case KeyKind.Down:
                return (Choose(model, 1), null);
            case KeyKind.PageUp:
                return (model with { ProposalTop = Math.Max(0, model.ProposalTop - Scroll(model)) }, null);
            case KeyKind.PageDown:
                return (model with { ProposalTop = Math.Min(model.ProposalTop + Scroll(model), ProposalsView.LastTop(model)) }, null);
        }
        return model.ChosenProposal is { } view ? Decide(model, view, key) : (model, null);
    }

    /// <summary>Chooses another question, and with a step its bottle; when the chosen one is gone, the first of the chosen bottle, or the first.</summary>
    public static DashboardModel Choose(DashboardModel model, int steps)
    {
        var waiting = model.Waiting;
        if (waiting.Length == 0)
            return model with { SelectedProposal = null, ProposalTop = 0 };
        var at = waiting.ToList().FindIndex(view => view.Proposal.Id == model.SelectedProposal);
        var next = at < 0 ? waiting.FirstOrDefault(view => view.Identity == model.Selected) ?? waiting[0] : waiting[Math.Clamp(at + steps, 0, waiting.Length - 1)];
        return model with { SelectedProposal = next.Proposal.Id, ProposalTop = at >= 0 && steps == 0 ? model.ProposalTop : 0, Selected = steps == 0 ? model.Selected : next.Identity };
    }

    /// <summary>Chooses a question of the chosen bottle, when it asks any.</summary>
    public static DashboardModel ChooseOfBottle(DashboardModel model) =>
        Choose(model.ChosenProposal?.Identity != model.Selected && model.Waiting.Any(view => view.Identity == model.Selected) ? model with { SelectedProposal = null } : model, 0);

    private static (DashboardModel, Wish?) Decide(DashboardModel model, ProposalView view, Key key)
    {
        var (identity, id) = (view.Identity, view.Proposal.Id);
        if (key is not ({ Kind: KeyKind.Enter } or { Character: 'a' or 'e' or 'l' or 'r' }))
            return (model, null);
        // One change of a bottle at a time: the next one would be of an image that is no more.
        if (model.WorkUnderWay(identity) is { } work)
            return (WorkKeys.Open(model, identity) with { Status = work.Proposal == id ? "" : $"{work.Proposal} of {identity} goes first" }, null);
        if (view.Proposal.Steps is not null && key is { Character: 'e' or 'l' })
            return (model with { Status = CapabilityErrors.NotLikeARoute(id).Message, StatusIsProblem = true }, null);
        return key switch
        {
            { Kind: KeyKind.Enter } or { Character: 'a' } => (model with { Status = $"{id}: looking at what it would change …" }, new Wish.Prepare(identity, id, null)),
            { Character: 'e' } => (model with { Status = $"{id}: the route is in the editor" }, new Wish.EditProposal(identity, id)),
            { Character: 'l' } => (model with { Dialog = new Dialog.Entry(EntryKind.Lease, $"Grant {id} for how long? 30m, 2h, 3x (requests), run") { Identity = identity, Proposal = id } }, null),
            { Character: 'r' } => (model with { Dialog = new Dialog.Entry(EntryKind.Reason, $"Reject {id}; the agent reads this reason") { Identity = identity, Proposal = id } }, null),
            _ => (model, null),
        };
    }

    private static int Scroll(DashboardModel model) => Math.Max(1, model.BodyRows / 2);
}
