using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>What may change in a bottle that runs (SPEC K1); <c>PlanRevision.Next</c> makes the next plan of it. A new route goes before those of the same host that are wider, so that its lease and its source count.</summary>
public abstract record PolicyChange
{
    private PolicyChange() { }

    /// <summary>One more route.</summary>
    public sealed record Add(Route Route) : PolicyChange;

    /// <summary>Bodies of a host that routes allow are no longer inspected: every route of the host gets <c>inspect: false</c>.</summary>
    public sealed record StopInspecting(string Host) : PolicyChange;

    /// <summary>The whole table and the budget, as <c>EditRoutes</c> leaves them. Credentials may be kept or dropped; a slot that the run has not is an error. Without a budget nothing is limited any more.</summary>
    public sealed record Table(IReadOnlyList<Route> Routes, Budget? Budget) : PolicyChange;

    /// <summary>More of the budget, each kind once; the routes stay.</summary>
    public sealed record Extend(IReadOnlyList<BudgetGrant> Grants) : PolicyChange;

    /// <summary>Routes whose leases have ended go.</summary>
    public sealed record EndLeases(IReadOnlySet<string> LeaseIds) : PolicyChange;
}
