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

    /// <summary>The whole table, as <c>EditRoutes</c> leaves it. Credentials may be kept or dropped; a slot that the run has not is an error.</summary>
    public sealed record Table(IReadOnlyList<Route> Routes) : PolicyChange;

    /// <summary>Routes whose leases have ended go.</summary>
    public sealed record EndLeases(IReadOnlySet<string> LeaseIds) : PolicyChange;
}
