using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Receipts;
using Bottle.Host.State;

namespace Bottle.Host.Budgets;

/// <summary>How the budget of a run stands, by the counts that egress keeps beside its request log: they are there while egress runs, when it was killed, and with the records of a run that is over.</summary>
public static class RunBudget
{
    /// <summary>The budget of a run whose state is there; null when it has none. What cannot be read is the report's <see cref="BudgetReport.Error"/>.</summary>
    public static BudgetReport? Of(StateDirectory state, BottlePlan? plan, DateTimeOffset now) =>
        CountsFile.Read(state[StateLayout.BudgetCounts]).Against(plan?.Egress?.Budget?.Limits, now);

    /// <summary>Lets egress write what it has counted since it wrote last, which it does before it answers. One that was killed had written all but its last second.</summary>
    public static async Task SettleAsync(DockerEngine engine, BottlePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Egress?.Budget is null)
            return;
        try
        {
            await engine.AskAsync(plan.Names.Container("egress"), ["/egress", "introspect", "budget"], cancellationToken).ConfigureAwait(false);
        }
        catch (BottleException)
        {
            // Without an engine that answers there is the file all the same.
        }
    }

    /// <summary>The budget of a run, up or over: over, it is what the receipt says. Null when it has none; BTL3110 and BTL5404 when plan or receipt cannot be read.</summary>
    public static BudgetReport? Of(BottleHome home, StateStore store, string identity, DateTimeOffset now)
    {
        if (store.Open(identity) is { } state)
            return Of(state, PlanStore.Read(state), now);
        var receipt = Path.Combine(home.Runs(identity), RunRecords.Receipt);
        return NativeFile.Look(receipt) is null ? null : ReceiptCheck.Read(receipt, () => ViewErrors.NoReceipt(identity, runs: false)).Receipt.Budget;
    }
}
