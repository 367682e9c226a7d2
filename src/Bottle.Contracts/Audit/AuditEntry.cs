namespace Bottle.Contracts.Audit;

/// <summary>What is to be recorded: an <see cref="AuditRecord"/> without its place in the chain.</summary>
public sealed record AuditEntry
{
    /// <summary>UTC; written to the millisecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>One of <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary><c>operator:&lt;user&gt;</c>, <c>agent</c> or <c>bottle</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>What was in force, or the question; cut at <see cref="AuditChain.MaxText"/> characters. Null when there is nothing to say.</summary>
    public string? Before { get; init; }

    /// <summary>What is in force, or the decision; cut as <see cref="Before"/>.</summary>
    public string? After { get; init; }
}
