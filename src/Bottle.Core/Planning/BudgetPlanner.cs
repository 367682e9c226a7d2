using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Decides what a run may use of its way out: what the manifest says, where egress can hold it (SPEC N10).</summary>
internal static class BudgetPlanner
{
    /// <summary>The budget of a table; null when none is written.</summary>
    public static BudgetPlan? Plan(BudgetManifest? manifest, IReadOnlyList<Route> routes, List<Diagnostic> diagnostics)
    {
        if (manifest is null)
            return null;
        if (IsUncounted(manifest.Limits, routes))
            diagnostics.Add(BudgetErrors.TokensUncounted(manifest.Where));
        return new BudgetPlan(manifest.Limits, manifest.Where.ToString());
    }

    /// <summary>The budget after a change; null for none, and when a diagnostic says why it cannot be.</summary>
    public static BudgetPlan? Next(BudgetPlan? budget, PolicyChange change, List<Diagnostic> diagnostics)
    {
        switch (change)
        {
            case PolicyChange.Extend when budget is null:
                diagnostics.Add(BudgetErrors.NoBudget());
                return null;
            case PolicyChange.Extend extend:
                return budget with { Limits = extend.Grants.Aggregate(budget.Limits, (limits, grant) => Raise(limits, grant, diagnostics)) };
            case PolicyChange.Table table:
                // Also when the limit stays: the routes that are counted may be gone.
                if (table.Budget is { } limits && IsUncounted(limits, table.Routes))
                    diagnostics.Add(BudgetErrors.TokensUncounted(null));
                return table.Budget == budget?.Limits ? budget : table.Budget is null ? null : new BudgetPlan(table.Budget, budget?.Source);
            default:
                return budget;
        }
    }

    // Tokens are counted in what a model provider answers, on routes that egress knows to be one's: elsewhere the limit would never be reached, whatever is used.
    private static bool IsUncounted(Budget limits, IReadOnlyList<Route> routes) => limits.Tokens is not null && !routes.Any(route => route.Provider is not null);

    private static Budget Raise(Budget limits, BudgetGrant grant, List<Diagnostic> diagnostics)
    {
        var (kind, name) = (grant.Kind, grant.Kind.Name());
        if (limits.Limit(kind) is not { } before)
        {
            diagnostics.Add(BudgetErrors.NotLimited(name));
            return limits;
        }
        var after = grant.IsMore ? before + grant.Amount : grant.Amount;
        if (after > before && after <= kind.Most())
            return limits.With(kind, after);
        diagnostics.Add(after > before ? BudgetErrors.TooMuch(name, BudgetText.Amount(kind, kind.Most())) : BudgetErrors.NotMore(name, BudgetText.Amount(kind, after), BudgetText.Amount(kind, before)));
        return limits;
    }
}
