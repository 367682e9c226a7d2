using Bottle.Host.Apply;
using Bottle.Host.Budgets;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Build.Launching;

/// <summary>
/// What goes on beside the agent's command: leases that have ended leave the table, a change whose command was killed is finished, new proposals and a budget that runs out are recorded and told to the operator's <c>on_proposal</c>,
/// and the queue is guarded. Each of them has a loop of its own, so that none waits for another. It says nothing on the terminal, which is the agent's (only where the agent works on a prompt, and has none, a budget that runs out
/// is said on standard error), and nothing that it fails at ends or delays the agent.
/// </summary>
internal sealed class RunKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    // What a sidecar that was taken over can write between two looks is all that it can write.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ForTheLastLook = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly BottleContext context;
    private readonly ChangesLog log;
    private readonly BudgetWatch budget;
    private readonly Action<string>? say;
    private readonly Task work;

    private RunKeeper(BottleContext context)
    {
        this.context = context;
        var state = context.Launch.RequiredClaim;
        log = new ChangesLog(context.Home, state.Identity, TimeProvider.System);
        var leases = new LeaseKeeper(context.Apply, state);
        var hook = new OperatorHook(context.Runner, [.. context.HomeConfiguration.OnProposal.Select(word => word.Value)]);
        budget = new BudgetWatch(context.Apply.Audit, state, hook, TimeProvider.System);
        say = context.Launch.RequiredPlan.Agent.Request is null ? null : context.Console.Error;
        List<Task> loops =
        [
            LoopAsync(Between, async () => log.WriteIfAny(await leases.TendAsync(stop.Token))),
            LoopAsync(Between, () => WatchBudgetAsync(stop.Token)),
        ];
        if (context.Launch.RequiredPlan.Supervise is not null)
        {
            var guard = new QueueGuard(context.Apply, state);
            var recorder = new ProposalRecorder(context.Apply.Audit, state);
            var watch = new ProposalWatch(new OperatorDesk(context.Apply), state, hook, TimeProvider.System);
            loops.Add(LoopAsync(BetweenLooks, async () => log.WriteIfAny(await guard.TendAsync(stop.Token))));
            loops.Add(LoopAsync(Between, async () => log.WriteIfAny(await recorder.TendAsync(stop.Token))));
            loops.Add(LoopAsync(Between, async () =>
            {
                foreach (var problem in await watch.TendAsync(stop.Token)) log.Write(problem);
            }));
        }
        work = Task.WhenAll(loops);
    }

    /// <summary>Begins, where the table can change; null elsewhere.</summary>
    internal static RunKeeper? Start(BottleContext context) => context.Launch.RequiredPlan.Egress is null ? null : new RunKeeper(context);

    /// <summary>Ends it: a change that it is just making is put back first, or is in force.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        // What the agent used last is recorded too; nobody waits for a command that does not end.
        using (var moment = new CancellationTokenSource(ForTheLastLook))
            await TryAsync(() => LastLookAsync(moment.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task WatchBudgetAsync(CancellationToken cancellation)
    {
        foreach (var line in await budget.TendAsync(log.Write, cancellation))
        {
            log.Write($"budget: {line}");
            say?.Invoke($"    budget: {line}");
        }
    }

    private async Task LastLookAsync(CancellationToken cancellation)
    {
        if (PlanStore.Read(context.Launch.RequiredClaim) is { } plan) await RunBudget.SettleAsync(context.Engine, plan, cancellation);
        await WatchBudgetAsync(cancellation);
    }

    private Task LoopAsync(TimeSpan between, Func<Task> round) => Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(between);
        try
        {
            do await TryAsync(round);
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The agent has ended.
        }
    });

    /// <summary>Whatever one round fails at, a file that is no file, a full disk or a mistake of ours, the next one comes.</summary>
    private async Task TryAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (Exception e) when (!(e is OperationCanceledException && stop.IsCancellationRequested))
        {
            log.Write($"{e.GetType().Name}: {e.Message}");
        }
    }
}
