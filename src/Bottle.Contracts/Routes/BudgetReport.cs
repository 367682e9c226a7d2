namespace Bottle.Contracts.Routes;

/// <summary>
/// How a run's budget stands, kind by kind; what egress answers to <c>/budget</c>: <c>{"minutes":{"used":12,"limit":240,"state":"ok"},"requests":…,"bytes":…,"tokens":…,"unread_answers":0,"error":null}</c>.
/// </summary>
public sealed record BudgetReport
{
    /// <summary>Minutes.</summary>
    public required BudgetLine Minutes { get; init; }

    /// <summary>Requests.</summary>
    public required BudgetLine Requests { get; init; }

    /// <summary>Bytes.</summary>
    public required BudgetLine Bytes { get; init; }

    /// <summary>Tokens.</summary>
    public required BudgetLine Tokens { get; init; }

    /// <inheritdoc cref="BudgetUse.UnreadAnswers"/>
    public required long UnreadAnswers { get; init; }

    /// <summary>Why egress cannot count at the moment, and so refuses as long as there is a limit; null when it can.</summary>
    public string? Error { get; init; }

    /// <summary>The report on what was used (null without a budget: nothing is limited).</summary>
    public static BudgetReport Of(Budget? budget, BudgetUse use, string? error = null) => new()
    {
        Minutes = BudgetLine.Of(use.Minutes, budget?.Minutes),
        Requests = BudgetLine.Of(use.Requests, budget?.Requests),
        Bytes = BudgetLine.Of(use.Bytes, budget?.Bytes),
        Tokens = BudgetLine.Of(use.Tokens, budget?.Tokens),
        UnreadAnswers = use.UnreadAnswers,
        Error = error,
    };

    /// <summary>All kinds with their lines, in the order of <see cref="BudgetKind"/>.</summary>
    public IReadOnlyList<(BudgetKind Kind, BudgetLine Line)> ToLines() =>
        [(BudgetKind.Minutes, Minutes), (BudgetKind.Requests, Requests), (BudgetKind.Bytes, Bytes), (BudgetKind.Tokens, Tokens)];
}
