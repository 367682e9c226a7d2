namespace Bottle.Contracts.Routes;

/// <summary>What a run has used until a moment.</summary>
public sealed record BudgetUse
{
    /// <summary>Whole minutes since egress first started.</summary>
    public required long Minutes { get; init; }

    /// <summary>Requests sent on.</summary>
    public required long Requests { get; init; }

    /// <summary>Body bytes both ways.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tokens that answers said.</summary>
    public required long Tokens { get; init; }

    /// <summary>Answers of model providers whose tokens nobody knows, so that <see cref="Tokens"/> is too low: they broke off, or they could not be read.</summary>
    public required long UnreadAnswers { get; init; }
}
