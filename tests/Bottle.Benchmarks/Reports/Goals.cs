using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Measures;

namespace Bottle.Benchmarks.Reports;

/// <summary>The figures that egress has to reach (issue 3; SPEC "Figures to reach").</summary>
internal static class Goals
{
    private const string Ours = EgressSidecar.DefaultName;

    /// <summary>All of them, in the order of the table.</summary>
    internal static IReadOnlyList<Goal> All(double? imageMb) =>
    [
        Ratio("requests/s, 16 connections / mitmproxy", Metric.Rps(16), "mitmproxy", 14, 20, moreIsBetter: true),
        Ratio("requests/s, 64 connections / mitmproxy", Metric.Rps(64), "mitmproxy", 16, 24, moreIsBetter: true),
        Cpu(16, "nginx", 2.0, 1.4),
        Cpu(64, "nginx", 2.0, 1.4),
        Cpu(16, "mitmproxy", 1 / 16.0, 1 / 24.0),
        Cpu(64, "mitmproxy", 1 / 16.0, 1 / 24.0),
        Cpu(16, "squid", 0.8, 0.6),
        Cpu(64, "squid", 0.8, 0.6),
        Added("added p50, one client / mitmproxy's", Metric.P50, 0.07, 0.05),
        Added("added p99, one client / mitmproxy's", Metric.P99, 0.15, 0.10),
        Ratio("new tunnels/s, 8 at once / mitmproxy", Metric.Tunnels(8), "mitmproxy", 6, double.NaN, moreIsBetter: true),
        Ratio("new tunnels/s, 8 at once / nginx", Metric.Tunnels(8), "nginx", double.NaN, 1, moreIsBetter: true),
        Ratio("100 MiB down / squid", Metric.DownMbs, "squid", 1.8, 2, moreIsBetter: true),
        Ratio("100 MiB up / squid", Metric.UpMbs, "squid", 0.9, 1.1, moreIsBetter: true),
        Ratio("one client's p50 beside four downloads / squid", Metric.NeighbourP50, "squid", 2, 1, moreIsBetter: false),
        new("first event of a stream over direct, ms", round => Of(round, Ours, Metric.FirstEvent) - Of(round, "direct", Metric.FirstEvent), 2, 0.5, MoreIsBetter: false, NeedsCores: true),
        Ratio("start until the first proxied answer / mitmproxy", Metric.Ready, "mitmproxy", 0.5, 0.35, moreIsBetter: false),
        Own("memory at rest, MB", Metric.RestMb, 60, 45),
        Own("memory peak in the benchmark, MB", Metric.PeakMb, 110, 85),
        Own("memory growth over 1 GiB, MB", Metric.GrowthMb, 25, 10),
        new("image, MB", _ => imageMb ?? double.NaN, 60, 45, MoreIsBetter: false, NeedsCores: false),
        Own("errors", Metric.Errors, 0, 0),
    ];

    private static Goal Ratio(string figure, string metric, string other, double must, double aim, bool moreIsBetter) =>
        new(figure, round => Of(round, Ours, metric) / Of(round, other, metric), must, aim, moreIsBetter, NeedsCores: true);

    private static Goal Cpu(int connections, string other, double must, double aim) =>
        new($"CPU per request, {connections} connections / {other}", round => Of(round, Ours, Metric.CpuPerRequest(connections)) / Of(round, other, Metric.CpuPerRequest(connections)),
            must, aim, MoreIsBetter: false, NeedsCores: false);

    private static Goal Added(string figure, string metric, double must, double aim) => new(figure, round =>
    {
        var direct = Of(round, "direct", metric);
        return (Of(round, Ours, metric) - direct) / (Of(round, "mitmproxy", metric) - direct);
    }, must, aim, MoreIsBetter: false, NeedsCores: true);

    private static Goal Own(string figure, string metric, double must, double aim) =>
        new(figure, round => Of(round, Ours, metric), must, aim, MoreIsBetter: false, NeedsCores: false);

    private static double Of(IReadOnlyDictionary<string, Dictionary<string, double>> round, string contestant, string metric) =>
        round.TryGetValue(contestant, out var samples) && samples.TryGetValue(metric, out var value) ? value : double.NaN;
}
