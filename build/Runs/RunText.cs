using System.Globalization;
using System.Text;

namespace Bottle.Build.Runs;

/// <summary>Runs as people read them.</summary>
internal static class RunText
{
    /// <summary>What can be gone on with.</summary>
    internal static string Resumable(IReadOnlyList<RunView> runs)
    {
        if (runs.Count == 0) return "there is no run to resume: each one ended and was removed, or is still running (dotnet cake --target=List shows it)";
        var width = runs.Max(run => run.Identity.Length);
        return string.Join('\n', runs.Select(run => $"  {run.Identity.PadRight(width)}  {run.State}, started {run.Started:u}{(run.LastStage is { } last ? $", {last}" : "")}")
            .Append($"go on with: dotnet cake --target=Resume --bottle={runs[0].Identity}"));
    }

    /// <summary>One run and its stages.</summary>
    internal static string Status(RunView run, string? problem, IReadOnlyList<StageView> stages)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{run.Identity}: {run.State}{(run.Doing.Length == 0 ? "" : $" in {run.Doing}")}, agent {run.Agent}, bottle {run.Bottle}, started {run.Started:u}\n");
        if (problem is not null) text.Append(CultureInfo.InvariantCulture, $"  only what is recorded is shown: {problem}\n");
        var width = stages.Max(stage => stage.Name.Length);
        foreach (var stage in stages)
            text.Append($"  {Mark(stage.Status)} {stage.Name.PadRight(width)}  {stage.Status}{(stage.Reason is { } reason ? $": {reason}" : "")}\n");
        return text.ToString().TrimEnd('\n');
    }

    private static char Mark(string status) => status switch
    {
        "done" => '✓',
        "failed" or "killed" => '✗',
        "running" => '▸',
        "stale" => '~',
        "unknown" => '?',
        _ => '·',
    };
}
