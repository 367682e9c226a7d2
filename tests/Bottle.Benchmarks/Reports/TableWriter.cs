using System.Globalization;
using Bottle.Benchmarks.Measures;

namespace Bottle.Benchmarks.Reports;

/// <summary>Prints a run as two Markdown tables: the goals, and every metric of every contestant.</summary>
internal static class TableWriter
{
    internal static void Write(TextWriter output, RunRecord record)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{record.Rounds.Count} rounds, {record.Machine}{(record.IsQuick ? ", QUICK: no figure counts" : "")}"));
        if (!record.IsComparable)
            output.WriteLine("Fewer than four cores: throughput and latency are not comparable, only CPU per request, memory and errors are.");
        output.WriteLine();
        WriteRows(output, ["figure", "median", "[min..max]", "must", "aim", "reached"], record.Goals.Select(goal => new[]
        {
            goal.Figure, Number(goal.Value), $"[{Number(goal.Least)}..{Number(goal.Most)}]", Bound(goal, goal.Must), Bound(goal, goal.Aim), goal.Verdict,
        }));
        output.WriteLine();
        var contestants = record.Rounds.SelectMany(round => round.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        var metrics = record.Rounds.SelectMany(round => round.Values).SelectMany(samples => samples.Keys).Distinct().ToArray();
        WriteRows(output, ["median of rounds", .. contestants], metrics.Select(metric => (string[])[metric, .. contestants.Select(contestant => Number(MedianOf(record, contestant, metric)))]));
    }

    private static void WriteRows(TextWriter output, string[] head, IEnumerable<string[]> rows)
    {
        output.WriteLine($"| {string.Join(" | ", head)} |");
        output.WriteLine($"|{string.Concat(head.Select(_ => "---|"))}");
        foreach (var row in rows)
            output.WriteLine($"| {string.Join(" | ", row)} |");
    }

    private static double MedianOf(RunRecord record, string contestant, string metric) => Statistics.Median(record.Rounds.Select(round =>
        round.TryGetValue(contestant, out var samples) && samples.TryGetValue(metric, out var value) ? value : double.NaN));

    private static string Bound(GoalResult goal, double bound) => double.IsNaN(bound) ? "-" : (goal.MoreIsBetter ? "≥ " : "≤ ") + Number(bound);

    private static string Number(double value) => double.IsNaN(value) ? "-"
        : Math.Abs(value) >= 100 ? value.ToString("F0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 10 ? value.ToString("F1", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) >= 1 || value == 0 ? "F2" : "F3", CultureInfo.InvariantCulture);
}
