using System.Globalization;
using System.Text.Json;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Measures;

namespace Bottle.Benchmarks.Soak;

/// <summary>Prints what many starts and stops came to, and writes it as JSON.</summary>
internal sealed record LaunchSoakReport(BenchOptions Options, IReadOnlyList<LaunchCycle> Cycles, IReadOnlyList<string> Left, EngineProcesses Before, EngineProcesses After, TimeSpan Took)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Returns the exit code: 0 when every start succeeded and nothing is left.</summary>
    internal int Write(int mostShown)
    {
        var failures = Cycles.Where(cycle => cycle.ExitCode != 0).ToList();
        foreach (var failure in failures.Take(mostShown))
            Console.WriteLine($"FAILED {failure.Agent} with {failure.ExitCode}:\n{failure.Output.Trim()}");
        foreach (var thing in Left.Take(mostShown))
            Console.WriteLine($"LEFT {thing}");
        foreach (var kind in Cycles.GroupBy(cycle => cycle.Agent, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Say($"{kind.Key,-12} {kind.Count()} cycles, median {Seconds(kind, 0.5):F2} s, 95 % within {Seconds(kind, 0.95):F2} s, longest {Seconds(kind, 1):F2} s");
        Console.WriteLine($"before: {LaunchSoak.Engine(Before)}\nafter:  {LaunchSoak.Engine(After)}");
        Say($"{Cycles.Count} cycles, {failures.Count} failures, {Left.Count} things left, in {Took.TotalMinutes:F1} minutes, {Options.Parallel} at once");
        if (Options.JsonFile is not null)
            File.WriteAllText(Options.JsonFile, JsonSerializer.Serialize(new { Options.Cycles, Options.Parallel, Took.TotalMinutes, Failures = failures, Left, Before, After, Seconds = Cycles.Select(cycle => cycle.Seconds) }, Format) + "\n");
        return failures.Count == 0 && Left.Count == 0 ? 0 : 1;
    }

    private static double Seconds(IEnumerable<LaunchCycle> cycles, double share) => Statistics.Quantile(cycles.Select(cycle => cycle.Seconds), share);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
