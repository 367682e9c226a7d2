using Bottle.Contracts.Routes;

namespace Bottle.Host.Apply;

/// <summary>More of a budget that is in force, and how the budget stands with it.</summary>
public sealed record BudgetExtension(ApplyOutcome Outcome, BudgetReport Budget);
