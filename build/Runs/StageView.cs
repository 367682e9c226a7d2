using System.Reflection;
using Bottle.Build.Tasks;
using Bottle.Core.Diagnostics;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Runs;

/// <summary>A stage of a run as Status shows it.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Status"><c>done</c>, <c>stale</c>, <c>failed</c>, <c>blocked</c>, <c>pending</c>, or <c>unknown</c> where it cannot be told.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Record">How it went last, or null.</param>
internal sealed record StageView(string Name, string Status, string? Reason, StageRecord? Record)
{
    /// <summary>Every stage from manifest to agent, in order. <paramref name="judges"/>: whether manifests and engine could be read, so that what is recorded can be held against them.</summary>
    internal static async Task<IReadOnlyList<StageView>> ReadAsync(BottleContext context, bool judges)
    {
        var all = new List<StageView>();
        foreach (var type in Stages.Launch.Select(name => TaskRegistration.TaskTypes.Single(type => TaskRegistration.NameOf(type) == name)))
        {
            var view = await OneAsync(context, (Stage)Activator.CreateInstance(type)!, judges);
            var before = type.GetCustomAttributes<IsDependentOnAttribute>().Select(edge => all.First(other => other.Name == TaskRegistration.NameOf(edge.Task)));
            if (view.Status is "pending" && before.FirstOrDefault(other => other.Status is "failed" or "blocked") is { } wall)
                view = view with { Status = "blocked", Reason = $"waits for {wall.Name}" };
            all.Add(view);
        }
        return all;
    }

    private static async Task<StageView> OneAsync(BottleContext context, Stage stage, bool judges)
    {
        var record = context.RecordOf(stage.Name);
        if (record is null) return new StageView(stage.Name, "pending", null, null);
        if (record.Result == StageRecord.Failed) return new StageView(stage.Name, "failed", record.Detail, record);
        if (!judges) return new StageView(stage.Name, "unknown", "it is recorded as done", record);
        try
        {
            var run = await stage.JudgeAsync(context);
            return run.Inputs is null ? new StageView(stage.Name, "done", Launching.StageRun.EveryTime, record)
                : new StageView(stage.Name, run.Reason is null ? "done" : "stale", run.Reason, record);
        }
        catch (BottleException problem)
        {
            return new StageView(stage.Name, "unknown", problem.Diagnostics[0].Message, record);
        }
    }
}
