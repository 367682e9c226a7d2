using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>What the containers of the chosen run write, merged.</summary>
internal static class LogsView
{
    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        if (model.LogLines.Count == 0)
            return DashboardView.Nothing(model, model.LogsOf is null ? "No bottle is chosen." : $"No line of {model.LogsOf} yet.");
        var (rows, lines) = (Rows(model), model.ShownLogs);
        var end = Math.Max(Math.Min(rows, lines.Count), lines.Count - model.LogScroll);
        var head = new LineBuilder().Text($" {model.LogsOf}{(model.LogFilter.Length > 0 ? $", only: {InertText.Line(model.LogFilter)}" : "")}", Tones.Head)
            .Text(model.LogScroll > 0 ? DashboardView.Text($"   {model.LogScroll} lines back: End follows again") : "", Tones.Wait).Build(model.Columns);
        if (lines.Count == 0)
            return [head, .. DashboardView.Nothing(model, DashboardView.Text($"None of the last {model.LogLines.Count} lines holds this; Esc shows all."))];
        return [head, .. lines.Skip(Math.Max(0, end - rows)).Take(rows).Select(line => new LineBuilder().Text($" {line}").Build(model.Columns))];
    }

    /// <summary>How far the logs can be scrolled back.</summary>
    public static int MostBack(DashboardModel model) => Math.Max(0, model.ShownLogs.Count - Rows(model));

    // The first line says whose they are.
    private static int Rows(DashboardModel model) => Math.Max(1, model.BodyRows - 1);
}
