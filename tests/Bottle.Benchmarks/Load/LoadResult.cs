namespace Bottle.Benchmarks.Load;

/// <summary>What a load run saw.</summary>
/// <param name="Requests">Answers that were complete and right.</param>
/// <param name="Seconds">Wall time of the run.</param>
/// <param name="CpuSeconds">What the proxy used meanwhile.</param>
/// <param name="Latencies">Of each right answer, in microseconds, ascending.</param>
/// <param name="Errors">Requests that failed, and why (the first few).</param>
internal sealed record LoadResult(int Requests, double Seconds, double CpuSeconds, double[] Latencies, LoadErrors Errors)
{
    /// <summary>The proxy's CPU time for one request, in microseconds.</summary>
    internal double CpuPerRequest => CpuSeconds * 1e6 / Requests;

    internal double PerSecond => Requests / Seconds;

    /// <summary>The latency below which the given share (0..1) of answers stayed, in microseconds.</summary>
    internal double Percentile(double share) =>
        Latencies.Length == 0 ? double.NaN : Latencies[Math.Min(Latencies.Length - 1, (int)(share * Latencies.Length))];
}
