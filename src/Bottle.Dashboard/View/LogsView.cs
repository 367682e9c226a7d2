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
        var rows = Math.Max(1, model.BodyRows - 1);
        var lines = model.LogFilter.Length == 0 ? model.LogLines : model.LogLines.RemoveAll(line => !line.Contains(model.LogFilter, StringComparison.OrdinalIgnoreCase));
        var end = Math.Max(Math.Min(rows, lines.Count), lines.Count - model.LogScroll);
        var head = new LineBuilder().Text($" {model.LogsOf}{(model.LogFilter.Length > 0 ? $", only: {model.LogFilter}" : "")}", Tones.Head)
            .Text(model.LogScroll > 0 ? DashboardView.Text($"   {model.LogScroll} lines back: End follows again") : "", Tones.Wait).Build(model.Columns);
        return [head, .. lines.Skip(Math.Max(0, end - rows)).Take(rows).Select(line => new LineBuilder().Text($" {line}").Build(model.Columns))];
    }
}
