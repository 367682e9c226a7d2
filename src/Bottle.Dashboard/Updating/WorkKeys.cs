using System.Collections.Immutable;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.View;

namespace Bottle.Dashboard.Updating;

/// <summary>Changes of images: how they begin, what is said of them, their keys.</summary>
internal static class WorkKeys
{
    /// <summary>What was read is run from here on; how it goes is on the screen until a key is pressed.</summary>
    public static (DashboardModel, Wish?) Begin(DashboardModel model, Wish.RunSteps wish)
    {
        var (identity, proposal) = (wish.Decision.Identity, wish.Decision.Proposal.Id);
        return model.WorkUnderWay(identity) is { } other
            ? (model with { Dialog = new Dialog.Work(identity), Status = $"{other.Proposal} is not done yet", StatusIsProblem = true }, null)
            : (model with { Dialog = new Dialog.Work(identity), Status = "", StatusIsProblem = false, Works = model.Works.SetItem(identity, new ImageWork(identity, proposal, model.Now)) }, wish);
    }

    /// <summary>Shows how the change of a run's image goes, or went.</summary>
    public static DashboardModel Open(DashboardModel model, string identity) =>
        model.Works.ContainsKey(identity) ? model with { Dialog = new Dialog.Work(identity) } : model with { Status = $"no change of {identity}'s image was approved here" };

    /// <summary>Up and down read; anything else leaves it, and it goes on.</summary>
    public static DashboardModel Press(DashboardModel model, Dialog.Work dialog, Key key) => DialogKeys.Steps(key, model.BodyRows) is { } steps
        ? model with { Dialog = dialog with { Back = Math.Clamp(dialog.Back - steps, 0, DialogView.MostBack(model, dialog)) } }
        : model with { Dialog = null };

    public static DashboardModel Said(DashboardModel model, DashboardEvent.WorkSaid said) => model.Works.GetValueOrDefault(said.Identity) is not { } work ? model
        : model with { Works = model.Works.SetItem(said.Identity, said.IsStage ? work.Say(said.Line) with { Latest = said.Line } : work.Say(said.Line)) };

    public static DashboardModel Ended(DashboardModel model, DashboardEvent.WorkEnded ended)
    {
        if (model.Works.GetValueOrDefault(ended.Identity) is not { } work)
            return model;
        var isMade = ended.State == WorkState.Made;
        ImmutableArray<string> next = isMade ? ["", $"{ended.Identity} has ended and its state is kept; go on with:", $"  {model.ResumeOf(ended.Identity)}"] : [];
        return model with
        {
            Works = model.Works.SetItem(ended.Identity, work.Say([.. ended.Lines, .. next]) with { State = ended.State, Ended = model.Now, Latest = ended.Summary }),
            Status = isMade ? $"{ended.Identity} has its new image and has ended\ngo on with: {model.ResumeOf(ended.Identity)}" : $"{work.Proposal} of {ended.Identity}: {ended.Summary}",
            StatusIsProblem = !isMade,
        };
    }

    /// <summary>Leaves, or asks first where that would give a change up.</summary>
    public static (DashboardModel, Wish?) Quit(DashboardModel model)
    {
        var underWay = model.Works.Values.Where(work => work.State == WorkState.UnderWay).OrderBy(work => work.Identity, StringComparer.Ordinal).ToList();
        return underWay.Count == 0 ? (model, new Wish.Quit())
            : (model with { Dialog = new Dialog.Question("Leave", [.. underWay.Select(work => $"{work.Identity}: {work.Proposal} is not done yet: {work.Latest}"), "", "Whoever leaves gives it up: nothing has changed then, and the question waits on."], "Leave all the same? [y/N]", new Wish.Quit()) }, null);
    }
}
