using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Budgets as people read them.</summary>
public static class BudgetText
{
    /// <summary>An amount of one kind with its unit: <c>20000 requests</c>, <c>5 GB</c>.</summary>
    public static string Amount(BudgetKind kind, long amount) =>
        kind == BudgetKind.Bytes ? ByteSize.Format(amount) : string.Create(CultureInfo.InvariantCulture, $"{amount} {kind.Name()}");

    /// <summary>The limits, in the order of their kinds: <c>240 minutes, 20000 requests, 5 GB</c>.</summary>
    public static string Limits(Budget budget) =>
        string.Join(", ", BudgetKinds.All.Select(kind => budget.Limit(kind) is { } limit ? Amount(kind, limit) : null).OfType<string>());

    /// <summary>How a kind that is limited stands: <c>19876 of 20000 requests (99 %)</c>, <c>5.1 GB of 5 GB (spent)</c>.</summary>
    public static string Used(BudgetKind kind, BudgetLine line)
    {
        var limit = line.Limit ?? 0;
        var used = kind == BudgetKind.Bytes ? ByteSize.Format(line.Used) : line.Used.ToString(CultureInfo.InvariantCulture);
        var state = line.State == BudgetState.Spent ? "spent" : string.Create(CultureInfo.InvariantCulture, $"{(limit == 0 ? 100 : (long)((Int128)line.Used * 100 / limit))} %");
        return $"{used} of {Amount(kind, limit)} ({state})";
    }

    /// <summary>How the kinds that are limited stand, one line; with it what nobody could count.</summary>
    public static string Used(BudgetReport report)
    {
        var lines = report.ToLines().Where(pair => pair.Line.Limit is not null).Select(pair => Used(pair.Kind, pair.Line));
        var unread = report is { UnreadAnswers: > 0, Tokens.Limit: not null } ? [string.Create(CultureInfo.InvariantCulture, $"{report.UnreadAnswers} answers whose tokens nobody knows")] : Array.Empty<string>();
        return string.Join(", ", [.. lines, .. unread, .. report.Error is { } error ? [$"not known: {InertText.Line(error)}"] : Array.Empty<string>()]);
    }
}
