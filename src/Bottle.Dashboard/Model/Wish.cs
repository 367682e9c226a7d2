using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Capability;

namespace Bottle.Dashboard.Model;

/// <summary>What the model wants done outside; its result comes back as an event.</summary>
public abstract record Wish
{
    private Wish() { }

    /// <summary>Show what granting would do, and ask.</summary>
    public sealed record Prepare(string Identity, string Proposal, LeaseTerm? Lease) : Wish;

    /// <summary>Let the operator write another route in the editor, then show and ask; <paramref name="Draft"/> is what was written before and could not be used.</summary>
    public sealed record EditProposal(string Identity, string Proposal, string? Draft = null) : Wish;

    /// <summary>Apply exactly what was shown.</summary>
    public sealed record Approve(Decision Decision) : Wish;

    /// <summary>Run exactly the steps that were shown, and end the run, which goes on with what they made.</summary>
    public sealed record RunSteps(CapabilityDecision Decision) : Wish;

    /// <summary>Refuse with a reason that the agent reads.</summary>
    public sealed record Reject(string Identity, string Proposal, string Reason) : Wish;

    /// <summary>Let the operator edit the route table, then show and ask; <paramref name="Draft"/> as in <see cref="EditProposal"/>.</summary>
    public sealed record EditRoutes(string Identity, string? Draft = null) : Wish;

    /// <summary>Apply a table exactly as it was shown.</summary>
    public sealed record ApplyTable(string Identity, RoutesFile Table, PreparedChange Shown) : Wish;

    /// <summary>Give a run more of its budget.</summary>
    public sealed record Extend(string Identity, BudgetGrant Grant) : Wish;

    /// <summary>End a run; with <paramref name="Keep"/> its state stays, to be gone on with.</summary>
    public sealed record Stop(string Identity, bool Keep) : Wish;

    /// <summary>Say which layer answers a request, and why.</summary>
    public sealed record Explain(TrafficEntry Entry) : Wish;

    /// <summary>Follow the logs of this run; of none when it is null.</summary>
    public sealed record FollowLogs(string? Identity) : Wish;

    /// <summary>End the program.</summary>
    public sealed record Quit : Wish;
}
