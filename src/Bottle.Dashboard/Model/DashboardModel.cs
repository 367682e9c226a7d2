using System.Collections.Immutable;
using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Host.Supervision;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Model;

/// <summary>The pages of the screen.</summary>
public enum Page
{
    /// <summary>All runs.</summary>
    Bottles,

    /// <summary>What agents ask.</summary>
    Proposals,

    /// <summary>Requests as they come.</summary>
    Traffic,

    /// <summary>What the containers of one run write.</summary>
    Logs,

    /// <summary>The stages of one run's launch.</summary>
    Graph,
}

/// <summary>Everything that the screen is made of; it changes by <see cref="Updating.DashboardUpdate"/> alone.</summary>
public sealed record DashboardModel
{
    /// <summary>How many lines of logs are kept to be shown.</summary>
    public const int MostLogLines = 1000;

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The screen's height in lines.</summary>
    public int Rows { get; init; } = 24;

    /// <summary>The screen's width in cells.</summary>
    public int Columns { get; init; } = 80;

    /// <summary>How a run is gone on with, <c>{0}</c> for its identity, in the words of the door.</summary>
    public string ResumeCommand { get; init; } = "";

    /// <summary>The page that is shown.</summary>
    public Page Page { get; init; }

    /// <summary>What stands before it, or null.</summary>
    public Dialog? Dialog { get; init; }

    /// <summary>The last news; what must not be cut has a line of its own, the last one.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether <see cref="Status"/> is about something that went wrong.</summary>
    public bool StatusIsProblem { get; init; }

    /// <summary>Why the engine does not answer; null while it does.</summary>
    public string? EngineProblem { get; init; }

    /// <summary>All runs.</summary>
    public ImmutableArray<BottleFacts> Bottles { get; init; } = [];

    /// <summary>Whether the runs have been looked at once.</summary>
    public bool HasLooked { get; init; }

    /// <summary>The run that is chosen; null without any.</summary>
    public string? Selected { get; init; }

    /// <summary>What the engine says, by run.</summary>
    public ImmutableDictionary<string, EngineFacts> Engine { get; init; } = ImmutableDictionary<string, EngineFacts>.Empty;

    /// <summary>What agents ask, by run.</summary>
    public ImmutableDictionary<string, BottleProposals> Queues { get; init; } = ImmutableDictionary<string, BottleProposals>.Empty;

    /// <summary>The proposal that is chosen; null without any.</summary>
    public string? SelectedProposal { get; init; }

    /// <summary>The first line of the chosen proposal that is shown.</summary>
    public int ProposalTop { get; init; }

    /// <summary>Changes of images that were approved here, the newest of each run.</summary>
    public ImmutableDictionary<string, ImageWork> Works { get; init; } = ImmutableDictionary<string, ImageWork>.Empty;

    /// <summary>Requests, by run.</summary>
    public ImmutableDictionary<string, TrafficPane> Traffic { get; init; } = ImmutableDictionary<string, TrafficPane>.Empty;

    /// <summary>Budgets, by run; runs without one are not there.</summary>
    public ImmutableDictionary<string, BudgetReport> Budgets { get; init; } = ImmutableDictionary<string, BudgetReport>.Empty;

    /// <summary>Whether the requests of all runs are shown, and not of the chosen one alone.</summary>
    public bool ShowsAllTraffic { get; init; }

    /// <summary>Whether the sums by host are shown, and not single requests.</summary>
    public bool ShowsHosts { get; init; }

    /// <summary>Which requests are shown.</summary>
    public TrafficFilter Filter { get; init; } = TrafficFilter.None;

    /// <summary>What was there when the traffic was paused, oldest first; null while it runs.</summary>
    public ImmutableArray<TrafficEntry>? Paused { get; init; }

    /// <summary>The chosen request, counted from the newest; only while paused.</summary>
    public int TrafficCursor { get; init; }

    /// <summary>The run whose logs are followed; null for none.</summary>
    public string? LogsOf { get; init; }

    /// <summary>Its newest lines, inert, oldest first.</summary>
    public ImmutableList<string> LogLines { get; init; } = [];

    /// <summary>How many lines from the end the logs are scrolled; 0 follows.</summary>
    public int LogScroll { get; init; }

    /// <summary>Whether long lines of the logs are shown whole, in several lines.</summary>
    public bool LogWraps { get; init; }

    /// <summary>What a line of the logs must hold.</summary>
    public string LogFilter { get; init; } = "";

    /// <summary>The lines of the logs that are shown.</summary>
    public ImmutableList<string> ShownLogs => LogFilter.Length == 0 ? LogLines : LogLines.RemoveAll(line => !IsShown(line));

    /// <summary>Whether the filter lets a line of the logs through.</summary>
    public bool IsShown(string line) => line.Contains(LogFilter, StringComparison.OrdinalIgnoreCase);

    /// <summary>The lines between the head and the foot of the screen.</summary>
    public int BodyRows => Math.Max(1, Rows - 4);

    /// <summary>The chosen run; null without any.</summary>
    public BottleFacts? Chosen => Bottles.FirstOrDefault(bottle => bottle.Identity == Selected);

    /// <summary>Questions without an answer, the longest waiting first.</summary>
    public ImmutableArray<ProposalView> Waiting =>
        [.. Queues.Values.SelectMany(queue => queue.Proposals).Where(view => view.Answer is null).OrderBy(view => view.Proposal.Created).ThenBy(view => view.Proposal.Id, StringComparer.Ordinal)];

    /// <summary>The chosen question; null without any.</summary>
    public ProposalView? ChosenProposal => Waiting.FirstOrDefault(view => view.Proposal.Id == SelectedProposal);

    /// <summary>The change of a run's image that goes on now; null without any.</summary>
    public ImageWork? WorkUnderWay(string identity) => Works.GetValueOrDefault(identity) is { State: WorkState.UnderWay } work ? work : null;

    /// <summary>How a run is gone on with, as it is typed.</summary>
    public string ResumeOf(string identity) => string.Format(CultureInfo.InvariantCulture, ResumeCommand, identity);

    /// <summary>The requests that are shown, oldest first, at most <paramref name="most"/>.</summary>
    public ImmutableArray<TrafficEntry> ShownTraffic(int most)
    {
        if (Paused is { } paused)
            return [.. paused.Where(entry => Filter.Matches(entry.Record)).TakeLast(most)];
        var panes = ShowsAllTraffic ? Traffic : Traffic.Where(pair => pair.Key == Selected);
        return [.. panes.SelectMany(pair => pair.Value.Recent.Reverse().Where(Filter.Matches).Take(most).Select(record => new TrafficEntry(pair.Key, record)))
            .OrderBy(entry => entry.Record.Time).TakeLast(most)];
    }
}
