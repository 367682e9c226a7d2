namespace Bottle.Benchmarks.Machine;

/// <summary>Which cores the origin, the proxy under test and the client run on (lists as taskset takes them), or null where they share.</summary>
/// <param name="Origin">Cores of the origins.</param>
/// <param name="Proxy">Cores of the proxy under test.</param>
/// <param name="Client">Cores of the load generator.</param>
/// <param name="IsComparable">Whether throughput and latency may be compared: nobody shares a core with the proxy.</param>
internal sealed record CpuLayout(string? Origin, string Proxy, string? Client, bool IsComparable)
{
    private const int FewestCores = 4;

    /// <summary>The layout for a number of cores: with four or more everyone is alone, with fewer the proxy has the last core and shares it.</summary>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="proxyCores">Cores that the proxy gets: 1, or 2 to see how it scales.</param>
    internal static CpuLayout For(int cores, int proxyCores)
    {
        if (cores < FewestCores)
            return new CpuLayout(null, $"{cores - 1}", null, IsComparable: false);
        return proxyCores == 1
            ? new CpuLayout("0", "2", "1,3", IsComparable: true)
            : new CpuLayout("0", "2,3", "1", IsComparable: true);
    }
}
