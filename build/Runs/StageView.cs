using System.Reflection;
using Bottle.Build.Tasks;
using Bottle.Core.Diagnostics;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Runs;

/// <summary>A stage of a run as Status shows it.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Status"><c>done</c>, <c>stale</c>, <c>running</c>, <c>killed</c>, <c>failed</c>, <c>blocked</c>, <c>pending</c>, or <c>unknown</c> where it cannot be told.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Record">How it went last, or null.</param>
internal sealed record StageView(string Name, string Status, string? Reason, StageRecord? Record)
{
    /// <summary>Whether it is done every time, also when nothing has changed.</summary>
    private bool IsEveryTime { get; init; }

    /// <summary>Whether what it makes will be another thing than what is there, so that what depends on it is done again too.</summary>
    private bool Renews { get; init; }

    /// <summary>Every stage from manifest to agent, in order. <paramref name="judges"/>: whether manifests and engine could be read, so that what is recorded can be held against them.</summary>
    internal static async Task<IReadOnlyList<StageView>> ReadAsync(BottleContext context, bool judges)
    {
        var identity = context.Launch.RequiredIdentity;
        // Asked before and after: of a run that ends meanwhile the note says nothing.
        var isHeld = context.Store.IsHeld(identity);
        var doing = (context.StateToRead?.Doing ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        isHeld &= context.Store.IsHeld(identity);
        var isAbandoned = !isHeld && context.StateToRead is { IsPreserved: false };
        var all = new List<StageView>();
        foreach (var type in Stages.Launch.Select(name => TaskRegistration.TaskTypes.Single(type => TaskRegistration.NameOf(type) == name)))
        {
            var view = doing.Contains(TaskRegistration.NameOf(type)) ? Working(context, TaskRegistration.NameOf(type), isHeld) : await OneAsync(context, (Stage)Activator.CreateInstance(type)!, judges);
            // The next launch removes first what a killed one has left on the engine.
            if (isAbandoned && view is { Name: nameof(ComposeUp), Status: "done" }) view = view with { Status = "stale", Reason = "its process was killed: the next launch removes these containers", Renews = true };
            all.Add(view.After([.. type.GetCustomAttributes<IsDependentOnAttribute>().Select(edge => all.First(other => other.Name == TaskRegistration.NameOf(edge.Task)))]));
        }
        return all;
    }

    private static StageView Working(BottleContext context, string stage, bool isHeld) =>
        isHeld ? new StageView(stage, "running", null, context.RecordOf(stage)) : new StageView(stage, "killed", "its process ended in it", context.RecordOf(stage));

    private StageView After(IReadOnlyList<StageView> before)
    {
        if (Status == "pending" && before.FirstOrDefault(other => other.Status is "failed" or "killed" or "blocked") is { } wall)
            return this with { Status = "blocked", Reason = $"waits for {wall.Name}" };
        if (Status == "done" && before.FirstOrDefault(other => other.Renews || (IsEveryTime && other.Status == "stale")) is { } first)
            return this with { Status = "stale", Reason = $"follows {first.Name}", Renews = first.Renews };
        return this;
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
            if (run.Inputs is null) return new StageView(stage.Name, "done", Launching.StageRun.EveryTime, record) { IsEveryTime = true };
            if (run.Reason is null) return new StageView(stage.Name, "done", null, record);
            // A file that will be written anew is another one; a container that only has to be started is not.
            return new StageView(stage.Name, "stale", run.Reason, record) { Renews = Stages.Files.Contains(stage.Name) || run.InputsChanged };
        }
        catch (BottleException problem)
        {
            return new StageView(stage.Name, "unknown", problem.Diagnostics[0].Message, record);
        }
    }
}
