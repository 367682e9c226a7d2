using Bottle.Core.Diagnostics;
using Bottle.Host.Apply;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Build.Launching;

/// <summary>
/// What goes on beside the agent's command: leases that have ended leave the table, a change whose command was killed is finished, new proposals are told to the operator's <c>on_proposal</c>.
/// It says nothing on the terminal, which is the agent's, and nothing that it fails at ends or delays the agent.
/// </summary>
internal sealed class RunKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private readonly LeaseKeeper leases;
    private readonly ProposalWatch proposals;
    private readonly KeeperLog log;
    private readonly Task work;

    private RunKeeper(BottleContext context)
    {
        var state = context.Launch.RequiredClaim;
        leases = new LeaseKeeper(context.Apply, state);
        proposals = new ProposalWatch(new OperatorDesk(context.Apply), state, context.Runner, [.. context.HomeConfiguration.OnProposal.Select(word => word.Value)]);
        log = new KeeperLog(context.Home, state.Identity, TimeProvider.System);
        work = Task.Run(RunAsync);
    }

    /// <summary>Begins, where the table can change; null elsewhere.</summary>
    internal static RunKeeper? Start(BottleContext context) => context.Launch.RequiredPlan.Egress is null ? null : new RunKeeper(context);

    /// <summary>Ends it: a change that it is just making is put back first, or is in force.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            do
            {
                await TryAsync(async () => log.WriteIfAny(await leases.TendAsync(stop.Token)));
                await TryAsync(async () =>
                {
                    foreach (var problem in await proposals.TendAsync(stop.Token)) log.Write(problem);
                });
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The agent has ended.
        }
    }

    private async Task TryAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (Exception e) when (e is BottleException or IOException or UnauthorizedAccessException)
        {
            log.Write(e.Message);
        }
    }
}
