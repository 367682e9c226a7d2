namespace Bottle.Benchmarks.Measures;

/// <summary>Names of what is measured, as they stand in the JSON file; the unit is the last word.</summary>
internal static class Metric
{
    internal const string P50 = "latency-p50-us";
    internal const string P99 = "latency-p99-us";
    internal const string NeighbourP50 = "latency-beside-downloads-p50-us";
    internal const string NeighbourP99 = "latency-beside-downloads-p99-us";
    internal const string DownMbs = "download-mb/s";
    internal const string UpMbs = "upload-mb/s";
    internal const string DownCpu = "download-cpu-s";
    internal const string UpCpu = "upload-cpu-s";
    internal const string FirstEvent = "first-event-ms";
    internal const string EventLag = "event-lag-ms";
    internal const string Ready = "start-to-answer-ms";
    internal const string RestMb = "memory-rest-mb";
    internal const string TunnelsMb = "memory-500-tunnels-mb";
    internal const string GrowthMb = "memory-growth-1-gib-mb";
    internal const string PeakMb = "memory-peak-mb";
    internal const string Errors = "errors";

    internal static string Rps(int connections) => $"requests/s@{connections}";

    internal static string CpuPerRequest(int connections) => $"cpu-per-request@{connections}-us";

    internal static string Tunnels(int connections) => $"new-tunnels/s@{connections}";

    internal static string CpuPerTunnel(int connections) => $"cpu-per-new-tunnel@{connections}-us";
}
