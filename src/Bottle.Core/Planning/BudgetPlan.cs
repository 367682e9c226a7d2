using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>What a run may use of its way out before egress shuts it (SPEC N10).</summary>
/// <param name="Limits">The limits in force; a kind that is null has none.</param>
/// <param name="Source">Where they are written, as <c>file:line:column</c>; null when a person gave the run its budget by hand.</param>
public sealed record BudgetPlan(Budget Limits, string? Source);
