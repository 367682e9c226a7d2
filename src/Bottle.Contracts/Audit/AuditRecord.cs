namespace Bottle.Contracts.Audit;

/// <summary>
/// One line of <c>runs/&lt;identity&gt;/audit.jsonl</c> and of <c>audit.jsonl</c> over all bottles (SPEC N5): a decision, or a change that was applied. Lines are chained: <see cref="Prev"/> is the hash of the line before,
/// <see cref="Hash"/> the SHA-256 of the line's own bytes without its <c>hash</c> member.
/// </summary>
public sealed record AuditRecord
{
    /// <summary>The format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int V { get; init; }

    /// <summary>1 for the first line of a file, then one more each.</summary>
    public required long Seq { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>What happened: <c>proposed</c>, <c>approved</c>, <c>rejected</c>, <c>applied</c>, <c>failed</c>, <c>edited</c>, <c>extended</c>, <c>lease-ended</c> …</summary>
    public required string Event { get; init; }

    /// <summary>Who: <c>operator:&lt;user&gt;</c>, <c>agent</c>, <c>bottle</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>What was in force, or the question; inert text.</summary>
    public string? Before { get; init; }

    /// <summary>What is in force, or the decision; inert text.</summary>
    public string? After { get; init; }

    /// <summary>The hash of the line before; 64 zeros in the first.</summary>
    public required string Prev { get; init; }

    /// <summary>64 hex digits.</summary>
    public required string Hash { get; init; }
}
