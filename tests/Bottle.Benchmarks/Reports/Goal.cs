using Bottle.Benchmarks.Measures;

namespace Bottle.Benchmarks.Reports;

/// <summary>One figure to reach: how it is computed from one round, and its bounds.</summary>
/// <param name="Figure">Its name in the table.</param>
/// <param name="OfRound">Its value in one round (contestant → metric → value); NaN where something was not measured.</param>
/// <param name="Must">The bound that has to be kept.</param>
/// <param name="Aim">The bound to aim at.</param>
/// <param name="MoreIsBetter">Whether values above the bound are good.</param>
/// <param name="NeedsCores">Whether it counts only where nobody shares the proxy's core.</param>
internal sealed record Goal(string Figure, Func<IReadOnlyDictionary<string, Dictionary<string, double>>, double> OfRound, double Must, double Aim, bool MoreIsBetter, bool NeedsCores)
{
    /// <summary>Evaluates it over rounds.</summary>
    internal GoalResult Evaluate(IEnumerable<Dictionary<string, Dictionary<string, double>>> rounds, bool isComparable)
    {
        var values = rounds.Select(round => OfRound(round)).Where(double.IsFinite).ToArray();
        var median = Statistics.Median(values);
        var verdict = values.Length == 0 ? "not measured"
            : NeedsCores && !isComparable ? "not comparable"
            : Keeps(median, Aim) ? "aim"
            : Keeps(median, Must) ? "must"
            : "missed";
        return new GoalResult(Figure, median, values.DefaultIfEmpty(double.NaN).Min(), values.DefaultIfEmpty(double.NaN).Max(), Must, Aim, MoreIsBetter, verdict);
    }

    private bool Keeps(double value, double bound) => MoreIsBetter ? value >= bound : value <= bound;
}
