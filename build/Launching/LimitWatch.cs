using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Launching;

/// <summary>
/// Watches what no engine watches while the agent runs, its time and its disk, and ends the container when one is used up; its work is saved as on any ending. Afterwards it says which limit was reached,
/// the engine's own among them (SPEC A13).
/// </summary>
internal sealed class LimitWatch : IAsyncDisposable
{
    // A folder is looked through no longer than for a twentieth of the time.
    private const int Rest = 20;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly BottleContext context;
    private readonly AgentPlan agent;
    private readonly StateDirectory state;
    private readonly DateTimeOffset deadline;
    private readonly Task work;
    private string? reached;

    private LimitWatch(BottleContext context)
    {
        this.context = context;
        agent = context.Launch.RequiredPlan.Agent;
        state = context.Launch.RequiredClaim;
        deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(agent.Bounds.Minutes);
        work = Task.Run(RunAsync);
    }

    private string Container => context.Launch.RequiredPlan.Names.Container("agent");

    private string Where => agent.LimitsSource is { } source ? $"limits at {source}" : "the default";

    /// <summary>Begins.</summary>
    internal static LimitWatch Start(BottleContext context) => new(context);

    /// <summary>Says which limits the agent reached, once its command has ended with this code.</summary>
    internal async Task SayAsync(int exit)
    {
        await StopAsync();
        if (reached is not null) context.Console.Say($"    {reached} ({Where}); the agent was ended");
        if (exit == 0 || reached is not null) return;
        var events = await LimitEvents.ReadAsync(context.Engine, Container, context.Cancellation);
        if (events.OutOfMemory > 0) context.Console.Say($"    out of memory: {events.OutOfMemory} of the agent's processes {(events.OutOfMemory == 1 ? "was" : "were")} killed at {agent.Limits.MemoryMiB} MiB, /tmp included ({Where})");
        if (events is { HasEnded: true, OutOfMemory: 0 } && agent.Runtime.Name == RuntimePlan.Runsc) context.Console.Say($"    out of processes, it seems: gVisor ended with all that ran on it, as it does when it gets no more threads, {agent.Limits.Pids} with its own ({Where})");
        if (events.IsFull) context.Console.Say($"    out of processes: none can be started any more at {agent.Limits.Pids} ({Where})");
        if (events.OutOfProcesses > 0) context.Console.Say($"    out of processes: {events.OutOfProcesses} {(events.OutOfProcesses == 1 ? "was" : "were")} refused at {agent.Limits.Pids} ({Where})");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task StopAsync()
    {
        await stop.CancelAsync();
        await work;
    }

    private async Task RunAsync()
    {
        try
        {
            for (var wait = Shortest; ;)
            {
                await Task.Delay(wait, stop.Token);
                var before = TimeProvider.System.GetUtcNow();
                reached = before >= deadline ? $"out of time: {agent.Bounds.Minutes} minutes are over" : OfDisk();
                if (reached is not null) break;
                var took = (TimeProvider.System.GetUtcNow() - before) * Rest;
                wait = took > Shortest ? took : Shortest;
            }
            await context.Engine.SignalAsync(Container, "KILL", CancellationToken.None);
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
        var most = agent.Bounds.DiskMiB * 1024L * 1024;
        var home = DiskUsage.Of(state[StateLayout.AgentHome], most, stop.Token);
        var used = home + (home > most ? 0 : DiskUsage.Of(state[StateLayout.AgentWork], most - home, stop.Token));
        return used > most ? $"out of disk: the agent's home and copy take more than {agent.Bounds.DiskMiB} MiB" : null;
    }
}
