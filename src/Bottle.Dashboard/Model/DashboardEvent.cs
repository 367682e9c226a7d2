using System.Collections.Immutable;
using Bottle.Contracts.Routes;
using Bottle.Host.Supervision;

namespace Bottle.Dashboard.Model;

/// <summary>Something that happened, as the model is told of it.</summary>
public abstract record DashboardEvent
{
    private DashboardEvent() { }

    /// <summary>Time went on.</summary>
    public sealed record Tick(DateTimeOffset Now) : DashboardEvent;

    /// <summary>The terminal has another size.</summary>
    public sealed record Resized(int Rows, int Columns) : DashboardEvent;

    /// <summary>A key was pressed.</summary>
    public sealed record Pressed(Key Key) : DashboardEvent;

    /// <summary>All runs of this home, in the order in which they were launched.</summary>
    public sealed record BottlesSeen(ImmutableArray<BottleFacts> Bottles) : DashboardEvent;

    /// <summary>What the engine says, by run.</summary>
    public sealed record EngineSeen(ImmutableDictionary<string, EngineFacts> Runs) : DashboardEvent;

    /// <summary>The engine does not answer; null when it does again.</summary>
    public sealed record EngineLost(string? Problem) : DashboardEvent;

    /// <summary>What the agent of one run asks now.</summary>
    public sealed record QueueSeen(BottleProposals Queue) : DashboardEvent;

    /// <summary>Requests of one run came.</summary>
    public sealed record TrafficSeen(string Identity, TrafficPane Pane) : DashboardEvent;

    /// <summary>How the budget of one run stands now; null when it has none.</summary>
    public sealed record BudgetSeen(string Identity, BudgetReport? Budget) : DashboardEvent;

    /// <summary>Lines of the logs that are followed came; inert.</summary>
    public sealed record LogsSeen(string Identity, ImmutableArray<string> Lines) : DashboardEvent;

    /// <summary>Something is to be read, or granted.</summary>
    public sealed record Opened(Dialog Dialog) : DashboardEvent;

    /// <summary>Something is said of a change of a run's image; inert. <paramref name="IsStage"/>: where it stands, and not what a step prints.</summary>
    public sealed record WorkSaid(string Identity, string Line, bool IsStage) : DashboardEvent;

    /// <summary>A change of a run's image is over; <paramref name="Lines"/> say what changed, or why nothing has.</summary>
    public sealed record WorkEnded(string Identity, WorkState State, string Summary, ImmutableArray<string> Lines) : DashboardEvent;

    /// <summary>A wish is done, or cannot be.</summary>
    public sealed record Done(string Message, bool IsProblem = false) : DashboardEvent;
}
