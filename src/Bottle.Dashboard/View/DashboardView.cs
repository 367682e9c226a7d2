using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Updating;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>The whole screen of a model. Pure: equal models, equal screens.</summary>
public static class DashboardView
{
    /// <summary>How many lines the last news may take.</summary>
    private const int MostNews = 4;
    private static readonly string[] Names = ["Bottles", "Proposals", "Traffic", "Logs", "Launch"];

    /// <summary>Head, pages, body, news, keys.</summary>
    public static Screen Render(DashboardModel model)
    {
        var body = model.Dialog is { } dialog ? DialogView.Render(model, dialog) : model.Page switch
        {
            Page.Proposals => ProposalsView.Render(model),
            Page.Traffic => TrafficView.Render(model),
            Page.Logs => LogsView.Render(model),
            Page.Graph => GraphView.Render(model),
            _ => BottlesView.Render(model),
        };
        var empty = new LineBuilder().Build(model.Columns);
        var shown = News(model);
        var room = model.BodyRows - shown.Count + 1;
        return new Screen([Head(model), Tabs(model), .. body.Take(room), .. Enumerable.Repeat(empty, Math.Max(0, room - body.Count)), .. shown, Foot(model)]);
    }

    /// <summary>How long ago something was, in at most six characters.</summary>
    internal static string Ago(DateTimeOffset now, DateTimeOffset? then) => then is not { } start || now < start ? "0s" : (now - start) switch
    {
        { TotalSeconds: < 60 } age => Text($"{(int)age.TotalSeconds}s"),
        { TotalMinutes: < 60 } age => Text($"{(int)age.TotalMinutes}m"),
        { TotalHours: < 48 } age => Text($"{(int)age.TotalHours}h{age.Minutes:00}m"),
        var age => Text($"{(int)age.TotalDays}d"),
    };

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A line that says that there is nothing.</summary>
    internal static IReadOnlyList<SegmentLine> Nothing(DashboardModel model, params string[] lines) =>
        [new LineBuilder().Build(model.Columns), .. lines.Select(line => new LineBuilder().Text($"  {line}", Tones.Dim).Build(model.Columns))];

    private static SegmentLine Head(DashboardModel model)
    {
        var alive = model.Bottles.Count(bottle => bottle.IsAlive);
        var waiting = model.Waiting.Length;
        var line = new LineBuilder().Text(" Bottle", Tones.Head).Text(Text($"   {alive} running")).Text(Text($"   {waiting} waiting for you"), waiting > 0 ? Tones.Wait : Tones.Dim);
        var clock = model.Now.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (model.EngineProblem is { } problem)
            line.Text(LineBuilder.Cut($"   engine: {InertText.Line(problem)}", model.Columns - line.Used - clock.Length - 3), Tones.Bad);
        return line.Text(new string(' ', Math.Max(2, model.Columns - line.Used - clock.Length - 1))).Text(clock, Tones.Dim).Build(model.Columns);
    }

    private static SegmentLine Tabs(DashboardModel model)
    {
        var line = new LineBuilder().Text(" ");
        foreach (var (name, index) in Names.Select((name, index) => (name, index)))
        {
            var count = index == (int)Page.Proposals && model.Waiting.Length > 0 ? Text($" ({model.Waiting.Length})") : "";
            var isOpen = index == (int)model.Page;
            line.Text(Text($"{(isOpen ? "[" : " ")}{index + 1} {name}{count}{(isOpen ? "]" : " ")}"), isOpen ? Tones.Head : Tones.Dim);
        }
        return line.Text(model.Selected is { } selected ? $"   {LineBuilder.CutIdentity(selected, model.Columns - line.Used - 3)}" : "").Build(model.Columns);
    }

    // A command to type, or why something failed, is worth more than the last lines of a list; but not more than a question, or what somebody reads: there the last of its lines is all.
    private static List<SegmentLine> News(DashboardModel model)
    {
        var parts = InertText.Block(model.Status).Split('\n');
        var isFree = model.Dialog is null or Dialog.Entry;
        var lines = (isFree ? parts : parts[^1..]).SelectMany(line => LineBuilder.Wrap($" {line}", model.Columns - 1, 1)).Take(isFree ? Math.Min(MostNews, model.BodyRows) : 1);
        return [.. lines.Select(line => new LineBuilder().Text(line, model.StatusIsProblem ? Tones.Bad : Tones.Good).Build(model.Columns))];
    }

    private static SegmentLine Foot(DashboardModel model) => new LineBuilder().Text($" {Help.Foot(model)}").Build(model.Columns, chosen: true);
}
