using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Bottle.Host.Workspaces;

namespace Bottle.Host.Sessions;

/// <summary>
/// Watches what no engine watches while the agent runs, its time and its disk, and ends the container when one is used up; its work is saved as on any ending. Afterwards it says which limit was reached,
/// the engine's own among them (SPEC A13).
/// </summary>
public sealed class LimitWatch : IAsyncDisposable
{
    // A folder is looked through no longer than for a twentieth of the time.
    private const int Rest = 20;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly DockerEngine engine;
    private readonly BottlePlan plan;
    private readonly StateDirectory state;
    private readonly TimeProvider time;
    private readonly DateTimeOffset deadline;
    private readonly Task work;
    private string? reached;

    private LimitWatch(DockerEngine engine, BottlePlan plan, StateDirectory state, TimeProvider time)
    {
        (this.engine, this.plan, this.state, this.time) = (engine, plan, state, time);
        deadline = time.GetUtcNow() + TimeSpan.FromMinutes(plan.Agent.Bounds.Minutes);
        work = Task.Run(RunAsync);
    }

    private string Container => plan.Names.Container("agent");

    private string Where => plan.Agent.LimitsSource is { } source ? $"limits at {source}" : "the default";

    /// <summary>Begins; from now on the agent's time counts.</summary>
    public static LimitWatch Start(DockerEngine engine, BottlePlan plan, StateDirectory state, TimeProvider time) => new(engine, plan, state, time);

    /// <summary>Which limits the agent reached, once its command has ended with this code: lines for people, none when it reached none.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(int exit, CancellationToken cancellationToken)
    {
        await StopAsync().ConfigureAwait(false);
        if (reached is not null)
            return [$"{reached} ({Where}); the agent was ended"];
        if (exit == 0)
            return [];
        var lines = new List<string>();
        var limits = plan.Agent.Limits;
        var events = await LimitEvents.ReadAsync(engine, Container, cancellationToken).ConfigureAwait(false);
        if (events.OutOfMemory > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"out of memory: {events.OutOfMemory} of the agent's processes {WasOrWere(events.OutOfMemory)} killed at {limits.MemoryMiB} MiB, /tmp included ({Where})"));
        if (events is { HasEnded: true, OutOfMemory: 0 } && plan.Agent.Runtime.Name == RuntimePlan.Runsc)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"out of processes, it seems: gVisor ended with all that ran on it, as it does when it gets no more threads, {limits.Pids} with its own ({Where})"));
        if (events.IsFull)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"out of processes: none can be started any more at {limits.Pids} ({Where})"));
        if (events.OutOfProcesses > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"out of processes: {events.OutOfProcesses} {WasOrWere(events.OutOfProcesses)} refused at {limits.Pids} ({Where})"));
        return lines;
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private static string WasOrWere(long count) => count == 1 ? "was" : "were";

    private async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            for (var wait = Shortest; ;)
            {
                await Task.Delay(wait, time, stop.Token).ConfigureAwait(false);
                var before = time.GetUtcNow();
                reached = before >= deadline ? string.Create(CultureInfo.InvariantCulture, $"out of time: {plan.Agent.Bounds.Minutes} minutes are over") : OfDisk();
                if (reached is not null)
                    break;
                var took = (time.GetUtcNow() - before) * Rest;
                wait = took > Shortest ? took : Shortest;
            }
            await engine.SignalAsync(Container, "KILL", CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The agent has ended.
        }
        catch (BottleException e)
        {
            // It ended just now; or the engine is gone, and the attached command with it.
            reached += $" ({e.Diagnostics[0].Message})";
        }
    }

    private string? OfDisk()
    {
        var most = plan.Agent.Bounds.DiskMiB * 1024L * 1024;
        var home = DiskUsage.Of(state[StateLayout.AgentHome], most, stop.Token);
        var used = home + (home > most ? 0 : DiskUsage.Of(state[StateLayout.AgentWork], most - home, stop.Token));
        return used > most ? string.Create(CultureInfo.InvariantCulture, $"out of disk: the agent's home and copy take more than {plan.Agent.Bounds.DiskMiB} MiB") : null;
    }
}
