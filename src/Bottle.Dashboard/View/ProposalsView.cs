using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Host.Supervision;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>The questions that wait, and the chosen one whole: what is asked, in the agent's words why, what granting would change, and what else it would let through.</summary>
internal static class ProposalsView
{
    private const int MostRows = 5;
    private const int Indent = 14;

    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        var waiting = model.Waiting;
        if (waiting.Length == 0)
            return DashboardView.Nothing(model, "No agent waits for an answer.");
        var rows = Rows(model);
        var at = Math.Max(0, waiting.ToList().FindIndex(view => view.Proposal.Id == model.SelectedProposal));
        var top = Math.Clamp(at - (rows / 2), 0, waiting.Length - rows);
        List<SegmentLine> lines = [.. waiting.Skip(top).Take(rows).Select(view => Row(model, view)), new LineBuilder().Text(new string('─', model.Columns), Tones.Dim).Build(model.Columns)];
        if (model.ChosenProposal is not { } chosen)
            return lines;
        var text = Text(model, chosen);
        var room = Room(model);
        var first = Math.Clamp(model.ProposalTop, 0, Math.Max(0, text.Count - room));
        lines.AddRange(text.Skip(first).Take(room).Select(line => new LineBuilder().Text(line, Tone(line)).Build(model.Columns)));
        if (text.Count > first + room)
            lines[^1] = new LineBuilder().Text(DashboardView.Text($"  … {text.Count - first - room + 1} lines more: PgDn"), Tones.Dim).Build(model.Columns);
        return lines;
    }

    /// <summary>The first line of the chosen question that is shown when its last one is.</summary>
    internal static int LastTop(DashboardModel model) => model.ChosenProposal is { } chosen ? Math.Max(0, Text(model, chosen).Count - Room(model)) : 0;

    private static int Rows(DashboardModel model) => Math.Min(MostRows, model.Waiting.Length);

    // What the list and the line below it leave.
    private static int Room(DashboardModel model) => Math.Max(1, model.BodyRows - Rows(model) - 1);

    private static List<string> Text(DashboardModel model, ProposalView chosen)
    {
        IEnumerable<string> work = UnderWay(model, chosen) is { } now ? [$"  its steps   {WorkView.Standing(model, now)}: {now.Latest}; ⏎ shows more"] : [];
        return [.. work.Concat(ProposalText.Render(chosen).TrimEnd('\n').Split('\n').Skip(1)).SelectMany(line => LineBuilder.Wrap(line, model.Columns - 1, Indent))];
    }

    private static ImageWork? UnderWay(DashboardModel model, ProposalView view) => model.WorkUnderWay(view.Identity) is { } work && work.Proposal == view.Proposal.Id ? work : null;

    /// <summary>Lines of a diff in their colours.</summary>
    internal static Spectre.Console.Style Tone(string line) => line.TrimStart() is var text && line.StartsWith("    ", StringComparison.Ordinal)
        ? text.StartsWith('+') ? Tones.Good : text.StartsWith('-') ? Tones.Bad : Tones.Plain
        : text.StartsWith("also allows", StringComparison.Ordinal) || text.StartsWith("problem", StringComparison.Ordinal) || text.StartsWith("warning", StringComparison.Ordinal) ? Tones.Wait : Tones.Plain;

    private static SegmentLine Row(DashboardModel model, ProposalView view)
    {
        var chosen = view.Proposal.Id == model.SelectedProposal;
        // As in the list of bottles: what a wide screen has more goes to the names.
        var width = 18 + (Math.Clamp(model.Columns - 80, 0, 60) / 2);
        var asks = view.Proposal.Request is { } request ? $"{request.Method} {request.Url}" : string.Join(" | ", view.Proposal.Steps ?? []);
        return new LineBuilder().Text(chosen ? "▸" : " ").Cell(LineBuilder.CutIdentity(view.Identity, width), width).Cell(DashboardView.Ago(model.Now, view.Proposal.Created), 6, right: true, style: Tones.Wait)
            .Text($"{(UnderWay(model, view) is null ? "" : "(under way) ")}{InertText.Line(asks)}").Build(model.Columns, chosen);
    }
}
