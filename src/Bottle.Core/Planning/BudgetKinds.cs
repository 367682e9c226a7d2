using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>The kinds of a budget by their names, and its limits by kind.</summary>
public static class BudgetKinds
{
    /// <summary>Every kind, in the order in which they are shown.</summary>
    public static IReadOnlyList<BudgetKind> All { get; } = Enum.GetValues<BudgetKind>();

    /// <summary>A kind as manifests, routes.yaml and the command line spell it.</summary>
    public static string Name(this BudgetKind kind) => kind switch
    {
        BudgetKind.Minutes => "minutes",
        BudgetKind.Requests => "requests",
        BudgetKind.Bytes => "bytes",
        BudgetKind.Tokens => "tokens",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The largest limit that a kind can have.</summary>
    public static long Most(this BudgetKind kind) => kind == BudgetKind.Minutes ? Budget.MostMinutes : Budget.Most;

    /// <summary>The limit of a kind; null for none.</summary>
    public static long? Limit(this Budget budget, BudgetKind kind) => kind switch
    {
        BudgetKind.Minutes => budget.Minutes,
        BudgetKind.Requests => budget.Requests,
        BudgetKind.Bytes => budget.Bytes,
        BudgetKind.Tokens => budget.Tokens,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The budget with another limit of a kind, at most <see cref="Most"/>.</summary>
    public static Budget With(this Budget budget, BudgetKind kind, long limit) => kind switch
    {
        BudgetKind.Minutes => budget with { Minutes = checked((int)limit) },
        BudgetKind.Requests => budget with { Requests = limit },
        BudgetKind.Bytes => budget with { Bytes = limit },
        BudgetKind.Tokens => budget with { Tokens = limit },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
