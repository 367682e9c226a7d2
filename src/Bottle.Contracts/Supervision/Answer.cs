namespace Bottle.Contracts.Supervision;

/// <summary>
/// What became of a proposal: <c>queue/answers/&lt;id&gt;.json</c> (SPEC I4), written by the operator's side, which alone can. It is replaced as the decision proceeds: <see cref="AnswerDecision.Approved"/> while the change is being applied,
/// then <see cref="AnswerDecision.Applied"/> or <see cref="AnswerDecision.Failed"/>. The agent's call ends with a final one.
/// </summary>
public sealed record Answer
{
    /// <summary>The format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int V { get; init; }

    /// <summary>The proposal.</summary>
    public required string Id { get; init; }

    /// <summary>How it stands.</summary>
    public required AnswerDecision Decision { get; init; }

    /// <summary>The operator's words, or what failed; null without any.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the grant lasts as the operator wrote it (<c>30m</c>, <c>3x</c>, <c>run</c>); null for the manifest's own duration, the run.</summary>
    public string? Lease { get; init; }

    /// <summary>SHA-256 of the diff that was shown and applied, 64 hex digits; null when nothing was.</summary>
    public string? DiffSha256 { get; init; }

    /// <summary>Whether the operator changed what was asked (<see cref="AnswerDecision.ApprovedWithChanges"/>): then the agent is told what was granted instead.</summary>
    public bool Changed { get; init; }

    /// <summary>Whether nothing follows.</summary>
    public bool IsFinal => Decision is AnswerDecision.Rejected or AnswerDecision.Applied or AnswerDecision.Failed;
}
