using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Host.Traffic;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>All runs of this home, and what is to be known of the chosen one.</summary>
internal static class BottlesView
{
    private const int Details = 8;

    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        if (model.Bottles.Length == 0)
            return DashboardView.Nothing(model, model.HasLooked ? "No bottle runs. They appear here by themselves when one is started." : "Looking …");
        var rows = Math.Max(1, model.BodyRows - Details - 1);
        var at = Math.Max(0, model.Bottles.ToList().FindIndex(bottle => bottle.Identity == model.Selected));
        var top = Math.Clamp(at - (rows / 2), 0, Math.Max(0, model.Bottles.Length - rows));
        return
        [
            Row(model, ["", "BOTTLE", "", "AGE", "AGENT", "RUNTIME", "MEMORY", "REQUESTS", "REFUSED", "WAITING"], Tones.Dim).Build(model.Columns),
            .. model.Bottles.Skip(top).Take(rows).Select(bottle => Row(model, bottle)),
            new LineBuilder().Build(model.Columns),
            .. model.Chosen is { } chosen ? Detail(model, chosen) : [],
        ];
    }

    private static SegmentLine Row(DashboardModel model, BottleFacts bottle)
    {
        var total = model.Traffic.GetValueOrDefault(bottle.Identity)?.Total ?? default;
        var waiting = model.Queues.GetValueOrDefault(bottle.Identity)?.Proposals.Count(view => view.Answer is null) ?? 0;
        var chosen = bottle.Identity == model.Selected;
        return Row(model,
        [
            chosen ? "▸" : "", bottle.Identity, Mark(Worst(model, bottle)), DashboardView.Ago(model.Now, bottle.Started), bottle.IsAlive ? bottle.Agent : bottle.IsKept ? "kept" : bottle.Standing, bottle.Runtime,
            model.Engine.GetValueOrDefault(bottle.Identity)?.Memory is { } memory ? TrafficText.Bytes(memory) : "-",
            DashboardView.Text($"{total.Requests}"), DashboardView.Text($"{total.Denied}"), waiting == 0 ? "-" : DashboardView.Text($"{waiting}"),
        ], Worst(model, bottle) == BudgetState.Spent ? Tones.Bad : waiting > 0 || Worst(model, bottle) == BudgetState.Warning ? Tones.Wait : bottle.IsAlive ? Tones.Plain : Tones.Dim).Build(model.Columns, chosen);
    }

    private static LineBuilder Row(DashboardModel model, string[] cells, Spectre.Console.Style style)
    {
        // What a wide screen has more goes to the names.
        var more = Math.Clamp(model.Columns - 80, 0, 60) / 2;
        return new LineBuilder().Text(cells[0].PadRight(1)).Cell(Name(cells[1], cells[2], 18 + more), 18 + more, style: style).Cell(cells[3], 6, right: true, style: style).Cell(cells[4], 10 + more, style: style)
            .Cell(cells[5], 7, style: style).Cell(cells[6], 8, right: true, style: style).Cell(cells[7], 8, right: true, style: style).Cell(cells[8], 7, right: true, style: style).Cell(cells[9], 7, right: true, style: style);
    }

    private static string Name(string identity, string mark, int width) => mark.Length == 0 ? LineBuilder.CutIdentity(identity, width) : $"{LineBuilder.CutIdentity(identity, width - mark.Length - 1)} {mark}";

    private static BudgetState Worst(DashboardModel model, BottleFacts bottle) => model.Budgets.GetValueOrDefault(bottle.Identity)?.ToLines().Max(pair => pair.Line.State) ?? BudgetState.Ok;

    private static string Mark(BudgetState state) => state switch { BudgetState.Warning => "!", BudgetState.Spent => "!!", _ => "" };

    private static IEnumerable<SegmentLine> Detail(DashboardModel model, BottleFacts bottle)
    {
        yield return Line(model, "bottle", $"{bottle.Bottle}, {bottle.Standing}{(bottle.Revision > 1 ? DashboardView.Text($", policy revision {bottle.Revision}") : "")}{(bottle.IsSupervised ? ", may ask for more" : "")}");
        if (model.Engine.GetValueOrDefault(bottle.Identity) is { } engine)
            yield return Line(model, "containers", DashboardView.Text($"{engine.Running} run") + (engine.Others.Length == 0 ? ", all well" : $"; {string.Join(", ", engine.Others)}"), engine.Others.Length == 0 ? Tones.Plain : Tones.Bad);
        if (!bottle.IsAlive)
            yield return Line(model, "go on with", model.ResumeOf(bottle.Identity));
        if (model.Works.GetValueOrDefault(bottle.Identity) is { } work)
            yield return Line(model, "new image", $"{WorkView.Standing(model, work)} (c shows it): {work.Latest}", WorkView.Tone(work));
        if (model.Budgets.GetValueOrDefault(bottle.Identity) is { } budget)
            yield return Line(model, "budget", BudgetText.Used(budget), Worst(model, bottle) switch { BudgetState.Spent => Tones.Bad, BudgetState.Warning => Tones.Wait, _ => Tones.Plain });
        if (model.Traffic.GetValueOrDefault(bottle.Identity) is not { } traffic)
            yield break;
        yield return Line(model, "bytes", $"{TrafficText.Bytes(traffic.Total.BytesIn)} from the agent, {TrafficText.Bytes(traffic.Total.BytesOut)} to it");
        foreach (var record in traffic.Recent.Reverse().Where(record => record.Decision != TrafficDecision.Allowed).Take(2))
            yield return Line(model, TrafficText.Word(record.Decision), InertText.Line(DashboardView.Text($"{DashboardView.Ago(model.Now, record.Time)} ago  {record.Method} {record.HostAndPort}{record.Path}  {record.Code}")), Tones.Bad);
    }

    private static SegmentLine Line(DashboardModel model, string label, string text, Spectre.Console.Style? style = null) =>
        new LineBuilder().Text(" ").Cell(label, 11, style: Tones.Dim).Text(InertText.Line(text), style).Build(model.Columns);
}
