namespace Bottle.Contracts.Audit;

/// <summary>The events of the audit log (<see cref="AuditRecord.Event"/>).</summary>
public static class AuditEvents
{
    /// <summary>An agent asked, as a proposal was first seen on the host; the decision about it comes later, or never.</summary>
    public const string Proposed = "proposed";

    /// <summary>A person granted a proposal.</summary>
    public const string Approved = "approved";

    /// <summary>A person refused a proposal.</summary>
    public const string Rejected = "rejected";

    /// <summary>A person changed the table by hand.</summary>
    public const string Edited = "edited";

    /// <summary>A person gave the run more of its budget.</summary>
    public const string Extended = "extended";

    /// <summary>Four fifths of a limit of the run's budget are used.</summary>
    public const string BudgetWarning = "budget-warning";

    /// <summary>All of a limit is used: egress refuses what comes.</summary>
    public const string BudgetSpent = "budget-spent";

    /// <summary>A grant ended by itself.</summary>
    public const string LeaseEnded = "lease-ended";

    /// <summary>A revision is in force.</summary>
    public const string Applied = "applied";

    /// <summary>A revision could not be put in force; the one before is.</summary>
    public const string Failed = "failed";

    /// <summary>A sidecar was stopped because it did what its own program never does.</summary>
    public const string Stopped = "stopped";

    /// <summary>The writer before this one was ended in the middle of a line; the record says what it left.</summary>
    public const string Recovered = "recovered";
}
