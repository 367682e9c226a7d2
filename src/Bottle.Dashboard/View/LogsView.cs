using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>What the containers of the chosen run write, merged.</summary>
internal static class LogsView
{
    // Below what was said, beside time and service.
    private const int Indent = 21;

    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        if (model.LogLines.Count == 0)
            return DashboardView.Nothing(model, model.LogsOf is null ? "No bottle is chosen." : $"No line of {model.LogsOf} yet.");
        var (room, shown) = (Room(model), model.ShownLogs);
        var head = new LineBuilder().Text($" {model.LogsOf}{(model.LogFilter.Length > 0 ? $", only: {InertText.Line(model.LogFilter)}" : "")}", Tones.Head)
            .Text(model.LogScroll > 0 ? DashboardView.Text($"   {model.LogScroll} lines back: End follows again") : "", Tones.Wait).Build(model.Columns);
        if (shown.Count == 0)
            return [head, .. DashboardView.Nothing(model, DashboardView.Text($"None of the last {model.LogLines.Count} lines holds this; Esc shows all."))];
        // A line takes one row at least: earlier ones cannot be seen.
        var rows = Rows(model, shown.Skip(shown.Count - room - model.LogScroll)).ToList();
        var end = Math.Max(Math.Min(room, rows.Count), rows.Count - model.LogScroll);
        return [head, .. rows.Skip(Math.Max(0, end - room)).Take(room).Select(row => new LineBuilder().Text(row).Build(model.Columns))];
    }

    /// <summary>Lines as they stand on the screen.</summary>
    public static IEnumerable<string> Rows(DashboardModel model, IEnumerable<string> lines) =>
        model.LogWraps ? lines.SelectMany(line => LineBuilder.Wrap($" {line}", model.Columns - 1, Indent)) : lines.Select(line => $" {line}");

    /// <summary>How far the logs can be scrolled back.</summary>
    public static int MostBack(DashboardModel model) => Math.Max(0, Rows(model, model.ShownLogs).Count() - Room(model));

    // The first line says whose they are.
    private static int Room(DashboardModel model) => Math.Max(1, model.BodyRows - 1);
}
