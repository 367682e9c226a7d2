namespace Bottle.Host.Apply;

/// <summary>Why a revision is made, for the audit log and for the one who asked.</summary>
public sealed record ChangeOrigin
{
    /// <summary>One of <see cref="Contracts.Audit.AuditEvents"/>: approved, edited, extended or lease-ended.</summary>
    public required string Event { get; init; }

    /// <summary>Who decided, as audit records name them.</summary>
    public required string Actor { get; init; }

    /// <summary>What was decided about, for people.</summary>
    public required string Question { get; init; }

    /// <summary>The proposal that gets the answer; null when nobody asked.</summary>
    public string? ProposalId { get; init; }

    /// <summary>How long the grant lasts, as the operator wrote it; null without a word about it.</summary>
    public string? Lease { get; init; }

    /// <summary>Whether something else is granted than was asked for.</summary>
    public bool Changed { get; init; }

    /// <summary>What is granted instead, for the agent; null when it is what was asked for.</summary>
    public string? Granted { get; init; }
}
