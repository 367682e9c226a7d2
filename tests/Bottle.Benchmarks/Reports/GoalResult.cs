namespace Bottle.Benchmarks.Reports;

/// <summary>One figure of the goal table with its result.</summary>
/// <param name="Figure">What it is.</param>
/// <param name="Value">The median over rounds.</param>
/// <param name="Least">The lowest round.</param>
/// <param name="Most">The highest round.</param>
/// <param name="Must">The bound to keep.</param>
/// <param name="Aim">The bound to aim at.</param>
/// <param name="MoreIsBetter">Whether bounds are lower ones.</param>
/// <param name="Verdict"><c>aim</c>, <c>must</c>, <c>missed</c>, <c>not measured</c> or <c>not comparable</c>.</param>
internal sealed record GoalResult(string Figure, double Value, double Least, double Most, double Must, double Aim, bool MoreIsBetter, string Verdict);
