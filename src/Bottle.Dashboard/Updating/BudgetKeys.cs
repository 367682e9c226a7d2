using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.Updating;

/// <summary>Budgets (SPEC N10): what is told of them, and how more is given.</summary>
internal static class BudgetKeys
{
    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>Asks for kind and amount, where there is a budget.</summary>
    public static DashboardModel Open(DashboardModel model, string identity) => model.Budgets.TryGetValue(identity, out var budget)
        ? model with { Dialog = new Dialog.Entry(EntryKind.Budget, $"Give {identity} more: +5000 requests, +60 minutes, +1GB, +100000 tokens; used: {BudgetText.Used(budget)}") { Identity = identity } }
        : model with { Status = $"{identity} has no budget; 'e' gives it one in its route table" };

    /// <summary>How a budget stands now; what has just come near its end, or there, is news.</summary>
    public static DashboardModel Seen(DashboardModel model, DashboardEvent.BudgetSeen seen)
    {
        if (seen.Budget is not { } budget)
            return model with { Budgets = model.Budgets.Remove(seen.Identity) };
        var before = model.Budgets.GetValueOrDefault(seen.Identity)?.ToLines().ToDictionary(pair => pair.Kind, pair => pair.Line.State);
        var next = model with { Budgets = model.Budgets.SetItem(seen.Identity, budget) };
        var worse = before is null ? [] : budget.ToLines().Where(pair => pair.Line.State > before[pair.Kind]).ToList();
        return worse.Count == 0 ? next : next with { Status = $"{seen.Identity} has used {BudgetText.Used(worse[0].Kind, worse[0].Line)}; x gives more", StatusIsProblem = worse[0].Line.State == BudgetState.Spent };
    }

    /// <summary>What somebody typed, <c>+5000 requests</c> or <c>requests +5000</c>; bytes are told by their unit. Null when it is nothing of the kind, and <paramref name="problem"/> says why.</summary>
    public static BudgetGrant? Parse(string text, out string problem)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var named = BudgetKinds.All.Where(kind => words.Contains(kind.Name(), StringComparer.OrdinalIgnoreCase)).ToList();
        var amount = string.Concat(words.Where(word => !BudgetKinds.All.Any(kind => kind.Name().Equals(word, StringComparison.OrdinalIgnoreCase))));
        if (named.Count == 0 && Units.Any(unit => amount.EndsWith(unit, StringComparison.OrdinalIgnoreCase)))
            named.Add(BudgetKind.Bytes);
        if (named is [var one])
            return BudgetGrant.Parse(one, amount, out problem);
        problem = "write an amount and one of minutes, requests, tokens, or bytes with KB, MB, GB, TB";
        return null;
    }
}
