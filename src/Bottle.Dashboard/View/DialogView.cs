using System.Collections.Immutable;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>What stands before a page: a text, a text with a question, or a line to type.</summary>
internal static class DialogView
{
    private const int Indent = 15;
    // Lines that are not the text's: title and blank; with a question two more.
    private const int ReaderFrame = 2;
    private const int QuestionFrame = 4;

    public static IReadOnlyList<SegmentLine> Render(DashboardModel model, Dialog dialog) => dialog switch
    {
        Dialog.Reader reader => [Title(model, reader.Title), .. Lines(model, reader.Lines, reader.Top, Room(model, ReaderFrame))],
        Dialog.Question question => [Title(model, question.Title), .. Lines(model, question.Lines, question.Top, Room(model, QuestionFrame)), Empty(model), new LineBuilder().Text($" {question.Text}", Tones.Wait).Build(model.Columns)],
        Dialog.Work work => Work(model, work),
        Dialog.Entry entry => [.. LineBuilder.Wrap($" {entry.Label}", model.Columns - 1, 1).Select(line => Title(model, line[1..])), Empty(model), .. LineBuilder.Wrap($" > {InertText.Line(entry.Text)}█", model.Columns - 1, 3).Select(line => new LineBuilder().Text(line).Build(model.Columns))],
        _ => [],
    };

    private static SegmentLine Title(DashboardModel model, string title) => new LineBuilder().Text($" {title}", Tones.Head).Build(model.Columns);

    private static SegmentLine Empty(DashboardModel model) => new LineBuilder().Build(model.Columns);

    /// <summary>The first line of a text that is shown when its last one is.</summary>
    public static int LastTop(DashboardModel model, Dialog dialog) => dialog switch
    {
        Dialog.Reader reader => Math.Max(0, Wrapped(model, reader.Lines).Count - Room(model, ReaderFrame)),
        Dialog.Question question => Math.Max(0, Wrapped(model, question.Lines).Count - Room(model, QuestionFrame)),
        _ => 0,
    };

    /// <summary>How far what is said of a change can be scrolled back.</summary>
    public static int MostBack(DashboardModel model, Dialog.Work dialog) => model.Works.GetValueOrDefault(dialog.Identity) is { } work ? Math.Max(0, Wrapped(model, work.Lines).Count - Room(model, ReaderFrame)) : 0;

    private static int Room(DashboardModel model, int frame) => Math.Max(1, model.BodyRows - frame);

    private static List<string> Wrapped(DashboardModel model, IEnumerable<string> text) => [.. text.SelectMany(line => LineBuilder.Wrap($" {line}", model.Columns - 1, Indent))];

    private static IEnumerable<SegmentLine> Lines(DashboardModel model, ImmutableArray<string> text, int top, int room)
    {
        var lines = Wrapped(model, text);
        var first = Math.Clamp(top, 0, Math.Max(0, lines.Count - room));
        var rest = lines.Count - first - room;
        return lines.Skip(first).Take(rest > 0 ? room - 1 : room).Select(line => new LineBuilder().Text(line, ProposalsView.Tone(line)).Build(model.Columns))
            .Concat(rest > 0 ? [More(model, rest + 1)] : [])
            .Prepend(Empty(model));
    }

    private static IReadOnlyList<SegmentLine> Work(DashboardModel model, Dialog.Work dialog)
    {
        if (model.Works.GetValueOrDefault(dialog.Identity) is not { } work)
            return [];
        var (lines, room) = (Wrapped(model, work.Lines), Room(model, ReaderFrame));
        // The newest line is the one to see, unless somebody reads further up.
        var end = Math.Max(Math.Min(room, lines.Count), lines.Count - dialog.Back);
        var shown = lines.Take(end).TakeLast(room).Select(line => new LineBuilder().Text(line).Build(model.Columns)).ToList();
        if (end < lines.Count)
            shown[^1] = More(model, lines.Count - end + 1);
        return [new LineBuilder().Text($" {WorkView.Standing(model, work)}", WorkView.Tone(work)).Text($"   {work.Proposal} of {work.Identity}", Tones.Head).Build(model.Columns), Empty(model), .. shown];
    }

    private static SegmentLine More(DashboardModel model, int lines) => new LineBuilder().Text(DashboardView.Text($"  … {lines} lines more: ↓"), Tones.Dim).Build(model.Columns);
}
