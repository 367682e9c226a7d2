using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>More of one kind of a budget, as a person writes it: <c>+5000</c> for so much more, <c>25000</c> for so much in all; bytes with a unit, <c>+1GB</c>.</summary>
/// <param name="Kind">What there shall be more of.</param>
/// <param name="Amount">How much, at least 1.</param>
/// <param name="IsMore">Whether it is added to what is in force; else it takes its place.</param>
public sealed record BudgetGrant(BudgetKind Kind, long Amount, bool IsMore)
{
    /// <summary>Reads an amount; null when it is none, and <paramref name="problem"/> says why.</summary>
    public static BudgetGrant? Parse(BudgetKind kind, string text, out string problem)
    {
        problem = "";
        var isMore = text.StartsWith('+');
        var number = isMore ? text[1..] : text;
        var most = kind.Most();
        long amount;
        if (kind == BudgetKind.Bytes ? !ByteSize.TryParse(number, out amount) : !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out amount))
            problem = kind == BudgetKind.Bytes ? "it is no whole number with KB, MB, GB or TB" : "it is no whole number";
        else if (amount < 1 || amount > most)
            problem = $"it is not from {BudgetText.Amount(kind, 1)} to {BudgetText.Amount(kind, most)}";
        return problem.Length == 0 ? new BudgetGrant(kind, amount, isMore) : null;
    }
}
