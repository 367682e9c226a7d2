namespace Bottle.Contracts.Routes;

/// <summary>What a budget counts.</summary>
public enum BudgetKind
{
    /// <summary>Minutes of the clock on the wall.</summary>
    Minutes,

    /// <summary>Requests sent on.</summary>
    Requests,

    /// <summary>Body bytes both ways.</summary>
    Bytes,

    /// <summary>Tokens of model providers.</summary>
    Tokens,
}
