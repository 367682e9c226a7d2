using System.Collections.Immutable;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.View;

namespace Bottle.Dashboard.Updating;

/// <summary>What an event makes of the model, and what it wants done outside. Pure: the same event makes the same of the same model.</summary>
public static class DashboardUpdate
{
    private static readonly Page[] Pages = Enum.GetValues<Page>();

    /// <summary>The next model; the wish is null when nothing is wanted.</summary>
    public static (DashboardModel Model, Wish? Wish) Apply(DashboardModel model, DashboardEvent happened) => happened switch
    {
        DashboardEvent.Tick tick => (model with { Now = tick.Now }, null),
        DashboardEvent.Resized size => (model with { Rows = Math.Max(5, size.Rows), Columns = Math.Max(20, size.Columns) }, null),
        DashboardEvent.BottlesSeen seen => BottlesSeen(model, seen.Bottles),
        DashboardEvent.EngineSeen seen => (model with { Engine = seen.Runs, EngineProblem = null }, null),
        DashboardEvent.EngineLost lost => (model with { EngineProblem = lost.Problem }, null),
        DashboardEvent.QueueSeen seen => (QueueSeen(model, seen), null),
        DashboardEvent.TrafficSeen seen => (model with { Traffic = model.Traffic.SetItem(seen.Identity, seen.Pane) }, null),
        DashboardEvent.LogsSeen seen => (LogsSeen(model, seen), null),
        DashboardEvent.BudgetSeen seen => (BudgetKeys.Seen(model, seen), null),
        DashboardEvent.WorkSaid said => (WorkKeys.Said(model, said), null),
        DashboardEvent.WorkEnded ended => (WorkKeys.Ended(model, ended), null),
        // Nothing slips under the hands of somebody who types: a letter of a reason must grant nothing.
        DashboardEvent.Opened when model.Dialog is not null => (model with { Status = "something else was open meanwhile; ask again", StatusIsProblem = true }, null),
        DashboardEvent.Opened opened => (model with { Dialog = opened.Dialog, Status = "", StatusIsProblem = false }, null),
        DashboardEvent.Done done => (model with { Status = done.Message, StatusIsProblem = done.IsProblem }, null),
        DashboardEvent.Pressed { Key: var key } => model.Dialog is { } dialog ? DialogKeys.Press(model, dialog, key) : Press(model, key),
        _ => (model, null),
    };

    /// <summary>Puts another page on the screen; the logs are followed while they are shown, and no longer.</summary>
    internal static (DashboardModel Model, Wish? Wish) Open(DashboardModel model, Page page)
    {
        var shown = model with { Page = page, LogScroll = 0 };
        return Follow(page == Page.Proposals ? ProposalKeys.ChooseOfBottle(shown) : shown);
    }

    /// <summary>Chooses another run.</summary>
    internal static (DashboardModel Model, Wish? Wish) Choose(DashboardModel model, int steps)
    {
        if (model.Bottles.Length == 0)
            return (model, null);
        var at = Math.Max(0, model.Bottles.ToList().FindIndex(bottle => bottle.Identity == model.Selected));
        var chosen = model with { Selected = model.Bottles[Math.Clamp(at + steps, 0, model.Bottles.Length - 1)].Identity, Paused = null, TrafficCursor = 0 };
        return Follow(chosen.Page == Page.Proposals ? ProposalKeys.ChooseOfBottle(chosen) : chosen);
    }

    private static (DashboardModel, Wish?) Follow(DashboardModel model)
    {
        var wanted = model.Page == Page.Logs ? model.Selected : null;
        return wanted == model.LogsOf ? (model, null) : (model with { LogsOf = wanted, LogLines = [], LogScroll = 0 }, new Wish.FollowLogs(wanted));
    }

    private static (DashboardModel, Wish?) Press(DashboardModel model, Key key)
    {
        if (key.Kind == KeyKind.Pasted)
            return (model with { Status = "what is pasted is text, and here no text is asked for" }, null);
        model = model with { Status = "", StatusIsProblem = false };
        switch (key)
        {
            case { Kind: KeyKind.Character, Character: 'q' }:
                return WorkKeys.Quit(model);
            case { Kind: KeyKind.Character, Character: '?' }:
                return (model with { Dialog = Help.Of(model.Page) }, null);
            case { Kind: KeyKind.Character, Character: >= '1' and <= '5' }:
                return Open(model, Pages[key.Character - '1']);
            case { Kind: KeyKind.Tab }:
                return Open(model, Pages[((int)model.Page + 1) % Pages.Length]);
            case { Kind: KeyKind.BackTab }:
                return Open(model, Pages[((int)model.Page + Pages.Length - 1) % Pages.Length]);
            case { Kind: KeyKind.Left }:
                return Choose(model, -1);
            case { Kind: KeyKind.Right }:
                return Choose(model, 1);
        }
        return model.Page switch
        {
            Page.Proposals => ProposalKeys.Press(model, key),
            Page.Traffic => TrafficKeys.Press(model, key),
            Page.Logs => (LogKeys.Press(model, key), null),
            _ => BottleKeys.Press(model, key),
        };
    }

    private static (DashboardModel, Wish?) BottlesSeen(DashboardModel model, ImmutableArray<BottleFacts> bottles)
    {
        var before = model.Bottles.ToDictionary(bottle => bottle.Identity, StringComparer.Ordinal);
        // Not at the first look: what was left yesterday is no news.
        var left = bottles.FirstOrDefault(bottle => bottle.IsKept && before.TryGetValue(bottle.Identity, out var earlier) && earlier.IsAlive);
        var there = bottles.Select(bottle => bottle.Identity).ToHashSet(StringComparer.Ordinal);
        // In the place of one that is gone stands the next one, as in any list.
        var at = Math.Clamp(model.Bottles.ToList().FindIndex(bottle => bottle.Identity == model.Selected), 0, Math.Max(0, bottles.Length - 1));
        var next = model with
        {
            Bottles = bottles,
            HasLooked = true,
            Selected = model.Selected is { } selected && there.Contains(selected) ? selected : bottles.ElementAtOrDefault(at)?.Identity,
            Queues = model.Queues.RemoveRange(model.Queues.Keys.Where(identity => !there.Contains(identity))),
            Budgets = model.Budgets.RemoveRange(model.Budgets.Keys.Where(identity => !there.Contains(identity))),
            Traffic = model.Traffic.RemoveRange(model.Traffic.Keys.Where(identity => !there.Contains(identity))),
            Status = left is null ? model.Status : $"{left.Identity} has ended and is kept\ngo on with: {model.ResumeOf(left.Identity)}",
            StatusIsProblem = left is null && model.StatusIsProblem,
        };
        return Follow(next);
    }

    private static DashboardModel QueueSeen(DashboardModel model, DashboardEvent.QueueSeen seen)
    {
        var known = model.Queues.GetValueOrDefault(seen.Queue.Identity)?.Proposals.Select(view => view.Proposal.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        var fresh = seen.Queue.Proposals.FirstOrDefault(view => view.Answer is null && !known.Contains(view.Proposal.Id));
        var next = model with { Queues = model.Queues.SetItem(seen.Queue.Identity, seen.Queue) };
        if (seen.Queue.Problem is { } problem)
            next = next with { Status = $"{seen.Queue.Identity}: {problem.Code}: {InertText.Line(problem.Message)}", StatusIsProblem = true };
        else if (fresh is not null)
            next = next with { Status = $"{seen.Queue.Identity} asks: {fresh.Proposal.Id}", StatusIsProblem = false };
        return next.ChosenProposal is null ? ProposalKeys.Choose(next, 0) : next;
    }

    private static DashboardModel LogsSeen(DashboardModel model, DashboardEvent.LogsSeen seen)
    {
        if (seen.Identity != model.LogsOf)
            return model;
        var lines = model.LogLines.AddRange(seen.Lines);
        var tooMany = Math.Max(0, lines.Count - DashboardModel.MostLogLines);
        // Whoever has scrolled back goes on seeing the same lines.
        return model with { LogLines = lines.RemoveRange(0, tooMany), LogScroll = model.LogScroll == 0 ? 0 : model.LogScroll + LogsView.Rows(model, seen.Lines.Where(model.IsShown)).Count() };
    }
}
