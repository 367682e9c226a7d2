using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.View;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of what stands before a page.</summary>
internal static class DialogKeys
{
    private const int LongestEntry = 1000;
    // More than any text has.
    private const int MostLines = 1_000_000;

    public static (DashboardModel, Wish?) Press(DashboardModel model, Dialog dialog, Key key) => dialog switch
    {
        not Dialog.Entry when key.Kind == KeyKind.Pasted => (model, null),
        Dialog.Reader reader => (model with { Dialog = Steps(key, model.BodyRows) is { } steps ? reader with { Top = Top(model, reader, reader.Top + steps) } : null }, null),
        Dialog.Question question => Answer(model, question, key),
        Dialog.Entry entry => Type(model, entry, key),
        Dialog.Work work => (WorkKeys.Press(model, work, key), null),
        _ => (model, null),
    };

    // Only the letter grants: whoever reads on with the cursor keys, or types ahead, grants nothing.
    private static (DashboardModel, Wish?) Answer(DashboardModel model, Dialog.Question question, Key key) =>
        Steps(key, model.BodyRows) is { } steps ? (model with { Dialog = question with { Top = Top(model, question, question.Top + steps) } }, null)
        : key is { Kind: KeyKind.Character, Character: 'y' or 'Y' } ? question.OnYes is Wish.RunSteps run ? WorkKeys.Begin(model, run) : (model with { Dialog = null, Status = "…" }, question.OnYes)
        : (model with { Dialog = null, Status = "nothing was done" }, null);

    private static (DashboardModel, Wish?) Type(DashboardModel model, Dialog.Entry entry, Key key) => key.Kind switch
    {
        KeyKind.Escape => (model with { Dialog = null, Status = "nothing was done" }, null),
        KeyKind.Enter => Take(model with { Dialog = null }, entry),
        KeyKind.Backspace when entry.Text.Length > 0 => (model with { Dialog = entry with { Text = entry.Text[..StringInfo.ParseCombiningCharacters(entry.Text)[^1]] } }, null),
        KeyKind.Character or KeyKind.Pasted when entry.Text.Length < LongestEntry && (InertText.IsHarmless(key.Character) || char.IsSurrogate(key.Character)) => (model with { Dialog = entry with { Text = entry.Text + key.Character } }, null),
        _ => (model, null),
    };

    private static (DashboardModel, Wish?) Take(DashboardModel model, Dialog.Entry entry)
    {
        var text = entry.Text.Trim();
        switch (entry.Kind)
        {
            case EntryKind.Filter:
                return (model with { Filter = new TrafficFilter(text), TrafficCursor = 0 }, null);
            case EntryKind.LogFilter:
                return (model with { LogFilter = text, LogScroll = 0 }, null);
        }
        return entry.Kind == EntryKind.Budget ? Extend(model, entry, text) : Decide(model, entry, text);
    }

    private static (DashboardModel, Wish?) Extend(DashboardModel model, Dialog.Entry entry, string text) => BudgetKeys.Parse(text, out var problem) is { } grant
        ? (model with { Status = $"{entry.Identity}: more of its budget is on its way …" }, new Wish.Extend(entry.Identity, grant))
        : (model with { Dialog = entry, Status = $"'{text}': {problem}", StatusIsProblem = true }, null);

    // The question for which it was typed, and no other one that has taken its place meanwhile.
    private static (DashboardModel, Wish?) Decide(DashboardModel model, Dialog.Entry entry, string text)
    {
        if (!model.Waiting.Any(view => view.Identity == entry.Identity && view.Proposal.Id == entry.Proposal))
            return (model with { Status = $"{entry.Proposal} is gone; nothing was done", StatusIsProblem = true }, null);
        if (entry.Kind == EntryKind.Lease)
        {
            return LeaseTerm.Parse(text, out var problem) is { } term
                ? (model with { Status = "looking at what it would change …" }, new Wish.Prepare(entry.Identity, entry.Proposal, term))
                : (model with { Dialog = entry, Status = $"'{text}': {problem}", StatusIsProblem = true }, null);
        }
        return text.Length == 0
            ? (model with { Dialog = entry, Status = "the agent needs a reason", StatusIsProblem = true }, null)
            : (model with { Status = "…" }, new Wish.Reject(entry.Identity, entry.Proposal, text));
    }

    /// <summary>How many lines a key goes down; null when it is for something else.</summary>
    internal static int? Steps(Key key, int rows) => key.Kind switch
    {
        KeyKind.Up => -1,
        KeyKind.Down => 1,
        KeyKind.PageUp => -rows,
        KeyKind.PageDown => rows,
        KeyKind.Home => -MostLines,
        KeyKind.End => MostLines,
        _ => null,
    };

    // Lines are counted as they stand on the screen, so that the last one can be reached and the way back begins at once.
    private static int Top(DashboardModel model, Dialog dialog, int wanted) => Math.Clamp(wanted, 0, DialogView.LastTop(model, dialog));
}
