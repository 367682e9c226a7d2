namespace Bottle.Benchmarks.Measures;

/// <summary>Medians; <see cref="double.NaN"/> for nothing.</summary>
internal static class Statistics
{
    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
            return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
