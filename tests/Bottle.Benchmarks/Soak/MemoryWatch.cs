using Bottle.Benchmarks.Measures;

namespace Bottle.Benchmarks.Soak;

/// <summary>Reads the sidecar's memory now and then; the first fifth of the readings is its warm-up.</summary>
internal sealed class MemoryWatch(Bout sidecar)
{
    /// <summary>More growth than this, in MB, is not flat.</summary>
    internal const double MostGrowthMb = 25;

    private readonly List<double> _readings = [];

    /// <summary>Resident memory in MB, in order.</summary>
    internal IReadOnlyList<double> Readings => _readings;

    internal void Read() => _readings.Add(sidecar.ResidentMb());

    /// <summary>How far the median of the last fifth is above the median of the second fifth, in MB; 0 with too few readings.</summary>
    internal double Growth()
    {
        var fifth = _readings.Count / 5;
        return fifth == 0 ? 0 : Statistics.Median(_readings.TakeLast(fifth)) - Statistics.Median(_readings.Skip(fifth).Take(fifth));
    }
}
