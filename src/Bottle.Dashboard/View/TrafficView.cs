using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Host.Traffic;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>Requests as they come, or their sums by host.</summary>
internal static class TrafficView
{
    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        var title = $" {(model.ShowsAllTraffic ? "all bottles" : model.Selected ?? "no bottle")}{(model.Filter.Text.Length > 0 ? $", only: {InertText.Line(model.Filter.Text)}" : "")}";
        var head = new LineBuilder().Text(title, Tones.Head).Text(model.Paused is not null && !model.ShowsHosts ? "   PAUSED: space goes on" : "", Tones.Wait).Build(model.Columns);
        return [head, .. model.ShowsHosts ? Hosts(model) : Requests(model)];
    }

    private static IEnumerable<SegmentLine> Requests(DashboardModel model)
    {
        var rows = Math.Max(1, model.BodyRows - 1);
        var entries = model.ShownTraffic(model.Paused is null ? rows : TrafficPane.Most);
        if (entries.Length == 0)
            return DashboardView.Nothing(model, model.Filter.Text.Length > 0 ? "No request that the filter lets through; Esc shows all." : "No request yet.");
        var chosen = model.Paused is null ? -1 : Math.Max(0, entries.Length - 1 - model.TrafficCursor);
        var top = chosen < 0 ? 0 : Math.Clamp(chosen - rows + 1 + (rows / 3), 0, Math.Max(0, entries.Length - rows));
        return entries.Skip(top).Take(rows).Select((entry, index) => Row(model, entry, top + index == chosen));
    }

    private static SegmentLine Row(DashboardModel model, TrafficEntry entry, bool chosen)
    {
        var record = entry.Record;
        var tone = record.Decision switch { TrafficDecision.Denied => Tones.Bad, TrafficDecision.Failed => Tones.Wait, _ => Tones.Plain };
        var line = new LineBuilder().Text(chosen ? "▸" : " ").Cell(record.Time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), 8, style: Tones.Dim);
        if (model.ShowsAllTraffic)
            line.Cell(LineBuilder.CutIdentity(entry.Identity, 14), 14, style: Tones.Dim);
        var target = Math.Max(10, model.Columns - (model.ShowsAllTraffic ? 60 : 45));
        return line.Cell(TrafficText.Word(record.Decision), 7, style: tone).Cell(record.Status == 0 ? "---" : DashboardView.Text($"{record.Status}"), 3, style: tone).Cell(InertText.Line(record.Method), 7)
            .Cell(InertText.Line($"{record.HostAndPort}{record.Path}"), target, style: tone).Cell(TrafficText.Bytes(record.BytesOut), 7, right: true).Cell(Milliseconds(record.Ms), 6, right: true).Build(model.Columns, chosen);
    }

    private static IEnumerable<SegmentLine> Hosts(DashboardModel model)
    {
        var hosts = (model.ShowsAllTraffic ? model.Traffic.Values : model.Traffic.Where(pair => pair.Key == model.Selected).Select(pair => pair.Value))
            .SelectMany(pane => pane.Hosts).GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .Select(group => (Host: group.Key, Sums: group.Aggregate(TrafficTotals.Add))).OrderByDescending(host => host.Sums.Requests).ThenBy(host => host.Host, StringComparer.Ordinal);
        return hosts.Select(host => Row(model, [InertText.Line(host.Host), DashboardView.Text($"{host.Sums.Requests}"), DashboardView.Text($"{host.Sums.Denied}"), DashboardView.Text($"{host.Sums.Failed}"), TrafficText.Bytes(host.Sums.BytesIn), TrafficText.Bytes(host.Sums.BytesOut)], host.Sums.Denied > 0 ? Tones.Bad : Tones.Plain))
            .Prepend(Row(model, ["HOST", "REQUESTS", "REFUSED", "FAILED", "SENT", "GOT"], Tones.Dim)).Take(Math.Max(1, model.BodyRows - 1));
    }

    private static SegmentLine Row(DashboardModel model, string[] cells, Spectre.Console.Style style) =>
        new LineBuilder().Text(" ").Cell(cells[0], Math.Max(10, model.Columns - 48), style: style).Cell(cells[1], 9, right: true, style: style).Cell(cells[2], 8, right: true, style: style)
            .Cell(cells[3], 7, right: true, style: style).Cell(cells[4], 8, right: true, style: style).Cell(cells[5], 8, right: true, style: style).Build(model.Columns);

    private static string Milliseconds(double ms) => ms < 10_000 ? DashboardView.Text($"{ms:0}ms") : DashboardView.Text($"{ms / 1000:0}s");
}
