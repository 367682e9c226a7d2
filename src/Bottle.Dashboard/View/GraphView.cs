using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>The stages of the chosen run's launch: what each waits for, how it went, how long it took.</summary>
internal static class GraphView
{
    public static IReadOnlyList<SegmentLine> Render(DashboardModel model)
    {
        if (model.Chosen is not { Stages.Length: > 0 } bottle)
            return DashboardView.Nothing(model, "Nothing is recorded of a launch.");
        return [new LineBuilder().Text($" launch of {bottle.Identity}, agent {bottle.Agent}", Tones.Head).Build(model.Columns), .. bottle.Stages.Select(stage => Row(model, stage))];
    }

    private static SegmentLine Row(DashboardModel model, StageFacts stage)
    {
        var (mark, tone) = stage.Result switch { "succeeded" => ("✓", Tones.Good), "failed" => ("✗", Tones.Bad), _ => ("·", Tones.Dim) };
        var time = stage.Result is null ? "" : DashboardView.Text($"{stage.Milliseconds / 1000.0:0.00} s");
        var after = stage.DependsOn.Length == 0 ? "" : $"after {string.Join(", ", stage.DependsOn)}";
        return new LineBuilder().Text($" {mark} ", tone).Cell(stage.Name, 17).Cell(time, 9, right: true).Text(stage.Result == "failed" && stage.Detail is { } why ? InertText.Line(why) : after, stage.Result == "failed" ? Tones.Bad : Tones.Dim).Build(model.Columns);
    }
}
