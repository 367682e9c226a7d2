using System.Collections.Immutable;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Host.Budgets;
using Bottle.Host.State;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Shell;

/// <summary>One run as it is watched: its files are read again only when they were written again.</summary>
internal sealed class WatchedRun(DashboardSettings settings, StateDirectory state)
{
    private readonly TrafficReader reader = TrafficReader.OfState(state);
    private readonly TrafficSummary summary = new();
    private readonly Queue<TrafficRecord> recent = new();
    private (DateTime Metadata, DateTime Plan) read;
    private string queueMark = "";
    private BottlePlan? planRead;
    private BudgetReport? budget;
    private BottleFacts facts = new() { Identity = state.Identity, Standing = "killed" };

    /// <summary>The run.</summary>
    public StateDirectory State => state;

    /// <summary>The look at its questions that is under way, or the last one.</summary>
    public Task Looking { get; set; } = Task.CompletedTask;

    /// <summary>What its folder shows now.</summary>
    public BottleFacts Look()
    {
        var now = (File.GetLastWriteTimeUtc(state[StateLayout.Metadata]), File.GetLastWriteTimeUtc(state[StateLayout.Plan]));
        if (now != read)
            facts = ReadFiles();
        read = now;
        var standing = settings.Services.Store.Standing(state.Identity);
        return facts.Standing == standing ? facts : facts = facts with { Standing = standing };
    }

    /// <summary>How its budget stands, when that is something else than at the last call; <paramref name="now"/> counts the minutes.</summary>
    public bool BudgetHasChanged(DateTimeOffset now, out BudgetReport? report)
    {
        // Most runs have none: nothing is read for them.
        report = planRead?.Egress?.Budget is null ? null : RunBudget.Of(state, planRead, now);
        if (report == budget)
            return false;
        budget = report;
        return true;
    }

    /// <summary>What was requested since the last call; null when nothing was.</summary>
    public TrafficPane? ReadTraffic()
    {
        var any = reader.ReadOn(record =>
        {
            summary.Add(record);
            recent.Enqueue(record);
            if (recent.Count > TrafficPane.Most)
                recent.Dequeue();
        });
        return any ? new TrafficPane([.. recent], summary.Total, [.. summary.Hosts]) : null;
    }

    /// <summary>Whether anything about its questions was written since the last call.</summary>
    public bool QueueHasChanged()
    {
        var mark = string.Join(' ', new[] { StateLayout.SuperviseProposals, StateLayout.SuperviseAnswers, StateLayout.Plan, StateLayout.ApplyJournal }.Select(path => File.GetLastWriteTimeUtc(state[path]).Ticks));
        if (mark == queueMark)
            return false;
        queueMark = mark;
        return true;
    }

    private BottleFacts ReadFiles()
    {
        try
        {
            var (metadata, plan) = (state.ReadMetadata(), PlanStore.Read(state));
            planRead = plan;
            var records = (metadata?.Stages ?? []).ToDictionary(stage => stage.Name, StringComparer.Ordinal);
            return facts with
            {
                Agent = InertText.Line(metadata?.AgentName ?? ""),
                Bottle = InertText.Line(metadata?.Bottle ?? ""),
                Started = metadata?.StartedAt,
                Runtime = plan?.Agent.Runtime.Name ?? "",
                Revision = plan?.Revision ?? 0,
                IsSupervised = plan?.Supervise is not null,
                Stages = metadata is null ? [] : [.. settings.Stages.Select(stage => records.GetValueOrDefault(stage.Name) is { } record ? stage with { Result = record.Result, Milliseconds = record.Milliseconds, Detail = record.Detail ?? record.Cause } : stage)],
            };
        }
        catch (BottleException)
        {
            return facts;
        }
    }
}
