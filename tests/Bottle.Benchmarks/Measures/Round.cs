using Bottle.Benchmarks.Contestants;

namespace Bottle.Benchmarks.Measures;

/// <summary>One round: every contestant is started afresh, then each step is run for all of them before the next step, beginning with another one each round.</summary>
internal sealed class Round(Rig rig, IReadOnlyList<IContestant> contestants, Steps steps)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Runs it and returns contestant → metric → value.</summary>
    /// <param name="number">From 0; rotates the order.</param>
    /// <param name="isLast">The last round also moves 1 GiB.</param>
    /// <param name="report">Takes lines about errors.</param>
    internal Dictionary<string, Dictionary<string, double>> Run(int number, bool isLast, Action<string> report)
    {
        var bouts = new List<Bout>();
        try
        {
            foreach (var contestant in Rotated(contestants, number))
                bouts.Add(Bout.Start(contestant, rig));
            Thread.Sleep(Settling);
            bouts.ForEach(Steps.Rest);
            bouts.ForEach(steps.WarmUp);
            foreach (var (at, step) in steps.Interleaved().Index())
                Rotated(bouts, number + at).ForEach(step);
            if (isLast && steps.MeasuresGrowth)
                bouts.ForEach(bout => bout.Try(() => steps.Growth(bout)));
            bouts.ForEach(Steps.Last);
            foreach (var bout in bouts.Where(bout => bout.Errors.Count > 0))
                report($"round {number + 1}: {bout.Name}: {bout.Errors.Count} errors, first: {string.Join(" | ", bout.Errors.First)}");
            return bouts.ToDictionary(bout => bout.Name, bout => bout.Samples());
        }
        finally
        {
            bouts.ForEach(bout => bout.Dispose());
        }
    }

    private static List<T> Rotated<T>(IReadOnlyList<T> items, int by) =>
        [.. Enumerable.Range(0, items.Count).Select(at => items[(at + by) % items.Count])];
}
