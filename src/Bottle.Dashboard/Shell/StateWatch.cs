using System.Collections.Immutable;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Host.Apply;
using Bottle.Host.State;

namespace Bottle.Dashboard.Shell;

/// <summary>Looks at the runs of a home by their files: who is there, what was requested, what is asked. Asks no engine, and is in nobody's way.</summary>
internal sealed class StateWatch(DashboardSettings settings, Action<DashboardEvent> post)
{
    private const int RoundsBetweenLooks = 4;
    private const int RoundsBetweenQueues = 2;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    private readonly SortedDictionary<string, WatchedRun> runs = new(StringComparer.Ordinal);
    private readonly OperatorDesk desk = new(settings.Services);
    private readonly HashSet<string> said = new(StringComparer.Ordinal);
    private ImmutableArray<BottleFacts> seen = [];

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Round);
        var round = 0;
        do
        {
            if (round % RoundsBetweenLooks == 0)
            {
                Try(LookAtRuns);
                foreach (var run in runs.Values)
                    Try(() => LookAtBudget(run));
            }
            foreach (var run in runs.Values)
                Try(() => ReadTraffic(run));
            if (round % RoundsBetweenQueues == 0)
            {
                foreach (var run in runs.Values)
                    LookAtQueue(run, cancellationToken);
            }
            round++;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private void LookAtRuns()
    {
        var identities = settings.Services.Store.ListIdentities().ToHashSet(StringComparer.Ordinal);
        foreach (var gone in runs.Keys.Where(identity => !identities.Contains(identity)).ToList())
            runs.Remove(gone);
        foreach (var identity in identities.Where(identity => !runs.ContainsKey(identity)))
        {
            if (settings.Services.Store.Open(identity) is { } state)
                runs[identity] = new WatchedRun(settings, state);
        }
        ImmutableArray<BottleFacts> now = [.. runs.Values.Select(run => run.Look()).OrderByDescending(bottle => bottle.IsAlive).ThenBy(bottle => bottle.Started).ThenBy(bottle => bottle.Identity, StringComparer.Ordinal)];
        if (seen.SequenceEqual(now) && now.Length > 0)
            return;
        seen = now;
        post(new DashboardEvent.BottlesSeen(now));
    }

    private void LookAtBudget(WatchedRun run)
    {
        if (run.BudgetHasChanged(settings.Services.Time.GetUtcNow(), out var report))
            post(new DashboardEvent.BudgetSeen(run.State.Identity, report));
    }

    private void ReadTraffic(WatchedRun run)
    {
        if (run.ReadTraffic() is { } pane)
            post(new DashboardEvent.TrafficSeen(run.State.Identity, pane));
    }

    // Beside the rounds: it may have to finish what a killed command left, which asks the engine.
    private void LookAtQueue(WatchedRun run, CancellationToken cancellationToken)
    {
        var mayAsk = seen.FirstOrDefault(bottle => bottle.Identity == run.State.Identity) is { IsSupervised: true, Standing: not "killed" };
        if (mayAsk && run.Looking.IsCompleted && run.QueueHasChanged())
            run.Looking = Task.Run(() => LookAtQueueAsync(run, cancellationToken), CancellationToken.None);
    }

    private async Task LookAtQueueAsync(WatchedRun run, CancellationToken cancellationToken)
    {
        try
        {
            post(new DashboardEvent.QueueSeen(await desk.LookAsync(run.State, cancellationToken).ConfigureAwait(false)));
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The run's folder is just being removed; the next look sees that.
        }
    }

    private void Try(Action look)
    {
        try
        {
            look();
        }
        catch (BottleException e)
        {
            var problem = $"{e.Diagnostics[0].Code}: {InertText.Line(e.Diagnostics[0].Message)}";
            // Once: what a container spoils is found again in every round, and would leave no other news a place.
            if (said.Add(problem))
                post(new DashboardEvent.Done(problem, IsProblem: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The run's folder is just being removed; the next look sees that.
        }
    }
}
