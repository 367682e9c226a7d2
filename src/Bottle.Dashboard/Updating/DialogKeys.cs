using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of what stands before a page.</summary>
internal static class DialogKeys
{
    private const int LongestEntry = 1000;

    public static (DashboardModel, Wish?) Press(DashboardModel model, Dialog dialog, Key key) => dialog switch
    {
        Dialog.Reader reader => (model with { Dialog = Read(reader, key, model.BodyRows) }, null),
        Dialog.Question question => Answer(model, question, key),
        Dialog.Entry entry => Type(model, entry, key),
        _ => (model, null),
    };

    private static Dialog.Reader? Read(Dialog.Reader reader, Key key, int rows) => Steps(key, rows) is { } steps ? reader with { Top = Top(reader.Top + steps, reader.Lines.Length) } : null;

    // Only the letter grants: whoever reads on with the cursor keys, or types ahead, grants nothing.
    private static (DashboardModel, Wish?) Answer(DashboardModel model, Dialog.Question question, Key key) =>
        Steps(key, model.BodyRows) is { } steps ? (model with { Dialog = question with { Top = Top(question.Top + steps, question.Lines.Length) } }, null)
        : key.Character is 'y' or 'Y' ? (model with { Dialog = null, Status = "…" }, question.OnYes)
        : (model with { Dialog = null, Status = "nothing was done" }, null);

    private static (DashboardModel, Wish?) Type(DashboardModel model, Dialog.Entry entry, Key key) => key.Kind switch
    {
        KeyKind.Escape => (model with { Dialog = null, Status = "nothing was done" }, null),
        KeyKind.Enter => Take(model with { Dialog = null }, entry),
        KeyKind.Backspace when entry.Text.Length > 0 => (model with { Dialog = entry with { Text = entry.Text[..^1] } }, null),
        KeyKind.Character when entry.Text.Length < LongestEntry && (InertText.IsHarmless(key.Character) || char.IsSurrogate(key.Character)) => (model with { Dialog = entry with { Text = entry.Text + key.Character } }, null),
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
        if (model.ChosenProposal is not { } view)
            return (model with { Status = "that question is gone", StatusIsProblem = true }, null);
        if (entry.Kind == EntryKind.Lease)
        {
            return LeaseTerm.Parse(text, out var problem) is { } term
                ? (model with { Status = "looking at what it would change …" }, new Wish.Prepare(view.Identity, view.Proposal.Id, term))
                : (model with { Dialog = entry, Status = $"'{text}': {problem}", StatusIsProblem = true }, null);
        }
        return text.Length == 0
            ? (model with { Dialog = entry, Status = "the agent needs a reason", StatusIsProblem = true }, null)
            : (model with { Status = "…" }, new Wish.Reject(view.Identity, view.Proposal.Id, text));
    }

    private static int? Steps(Key key, int rows) => key.Kind switch
    {
        KeyKind.Up => -1,
        KeyKind.Down => 1,
        KeyKind.PageUp => -rows,
        KeyKind.PageDown => rows,
        _ => null,
    };

    private static int Top(int wanted, int lines) => Math.Clamp(wanted, 0, Math.Max(0, lines - 1));
}
