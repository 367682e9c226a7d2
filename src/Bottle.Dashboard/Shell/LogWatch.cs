using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Host.Docker;

namespace Bottle.Dashboard.Shell;

/// <summary>Follows the logs of one run at a time, and hands their lines on a few times a second, however many there are.</summary>
internal sealed class LogWatch(DashboardSettings settings, Action<DashboardEvent> post)
{
    private const int First = 200;
    private const int ServiceWidth = 10;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private readonly List<string> waiting = [];
    private readonly Lock gate = new();
    private CancellationTokenSource? current;
    private Task work = Task.CompletedTask;

    /// <summary>Follows this run from now on, and no other one; none when it is null.</summary>
    public void Follow(string? identity, CancellationToken cancellationToken)
    {
        current?.Cancel();
        current = null;
        if (identity is null)
            return;
        current = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        work = Task.WhenAll(work, FollowAsync(identity, current.Token));
    }

    /// <summary>Ends, and waits until nothing of it runs.</summary>
    public async Task EndAsync()
    {
        current?.Cancel();
        await work.ConfigureAwait(false);
    }

    private async Task FollowAsync(string identity, CancellationToken cancellationToken)
    {
        try
        {
            var logs = new BottleLogs(settings.Services.Engine, settings.Services.Home.Hash, identity);
            var lines = await logs.ReadAsync(First, cancellationToken).ConfigureAwait(false);
            post(new DashboardEvent.LogsSeen(identity, [.. lines.TakeLast(DashboardModel.MostLogLines).Select(Shown)]));
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var handing = HandOnAsync(identity, ended.Token);
            await logs.FollowAsync(Take, cancellationToken).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await handing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Another page is shown.
        }
        catch (BottleException e)
        {
            post(new DashboardEvent.Done($"{e.Diagnostics[0].Code}: {InertText.Line(e.Diagnostics[0].Message)}", IsProblem: true));
        }
    }

    private void Take(LogLine line)
    {
        lock (gate)
        {
            waiting.Add(Shown(line));
            if (waiting.Count > 2 * DashboardModel.MostLogLines)
                waiting.RemoveRange(0, DashboardModel.MostLogLines);
        }
    }

    private async Task HandOnAsync(string identity, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Gathering);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
                HandOn(identity);
        }
        catch (OperationCanceledException)
        {
            HandOn(identity);
        }
    }

    private void HandOn(string identity)
    {
        lock (gate)
        {
            if (waiting.Count == 0)
                return;
            post(new DashboardEvent.LogsSeen(identity, [.. waiting.TakeLast(DashboardModel.MostLogLines)]));
            waiting.Clear();
        }
    }

    // The day and the fractions of a second leave room for what was said.
    private static string Shown(LogLine line) =>
        $"{(line.Time.Length > 19 ? InertText.Line(line.Time[11..19]) : "")} {line.Service.PadRight(ServiceWidth)} {InertText.Excerpt(line.Text, 2000)}";
}
