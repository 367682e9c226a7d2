namespace Bottle.Contracts.Routes;

/// <summary>One kind of a budget: how much was used, of how much (null = without limit), and what that means.</summary>
public readonly record struct BudgetLine(long Used, long? Limit, BudgetState State)
{
    /// <summary>The line of two numbers, neither negative: a warning from 80 % on, spent from 100 % on.</summary>
    public static BudgetLine Of(long used, long? limit) =>
        new(used, limit, limit is not { } most ? BudgetState.Ok : used >= most ? BudgetState.Spent : used >= most - (most / 5) ? BudgetState.Warning : BudgetState.Ok);
}
