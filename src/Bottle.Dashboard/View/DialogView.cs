using System.Collections.Immutable;
using Bottle.Dashboard.Model;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>What stands before a page: a text, a text with a question, or a line to type.</summary>
internal static class DialogView
{
    private const int Indent = 15;

    public static IReadOnlyList<SegmentLine> Render(DashboardModel model, Dialog dialog) => dialog switch
    {
        Dialog.Reader reader => [Title(model, reader.Title), .. Lines(model, reader.Lines, reader.Top, model.BodyRows - 2)],
        Dialog.Question question => [Title(model, question.Title), .. Lines(model, question.Lines, question.Top, model.BodyRows - 4), Empty(model), new LineBuilder().Text($" {question.Text}", Tones.Wait).Build(model.Columns)],
        Dialog.Entry entry => [Title(model, entry.Label), Empty(model), .. LineBuilder.Wrap($" > {entry.Text}█", model.Columns - 1, 3).Select(line => new LineBuilder().Text(line).Build(model.Columns))],
        _ => [],
    };

    private static SegmentLine Title(DashboardModel model, string title) => new LineBuilder().Text($" {title}", Tones.Head).Build(model.Columns);

    private static SegmentLine Empty(DashboardModel model) => new LineBuilder().Build(model.Columns);

    private static IEnumerable<SegmentLine> Lines(DashboardModel model, ImmutableArray<string> text, int top, int room)
    {
        room = Math.Max(1, room);
        var lines = text.SelectMany(line => LineBuilder.Wrap($" {line}", model.Columns - 1, Indent)).ToList();
        var first = Math.Clamp(top, 0, Math.Max(0, lines.Count - room));
        var rest = lines.Count - first - room;
        return lines.Skip(first).Take(rest > 0 ? room - 1 : room).Select(line => new LineBuilder().Text(line, ProposalsView.Tone(line)).Build(model.Columns))
            .Concat(rest > 0 ? [new LineBuilder().Text(DashboardView.Text($"  … {rest + 1} lines more: ↓"), Tones.Dim).Build(model.Columns)] : [])
            .Prepend(Empty(model));
    }
}
