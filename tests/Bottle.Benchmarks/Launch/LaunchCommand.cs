using System.Globalization;
using System.Runtime.InteropServices;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Reports;

namespace Bottle.Benchmarks.Launch;

/// <summary><c>bench launch</c>: what a launch costs before an engine starts anything. Exit code 0; figures are for people to judge.</summary>
internal static class LaunchCommand
{
    private const int Many = 1000;
    private const int Few = 100;
    private const int RunsPerRound = 5;
    private const int SessionsPerRound = 3;
    private const string InProcess = "in one process";
    private const string Milliseconds = "ms";

    // SPEC, "Figures to reach", and issue 6.
    private static readonly Goal[] Goals =
    [
        new("bottle plan, cold process / docker compose config", round => round[ColdProcesses.Tool][Milliseconds] / round[ColdProcesses.Compose][Milliseconds], 1.5, 1.0, MoreIsBetter: false, NeedsCores: false),
        new("bottle plan, cold process / dotnet cake, warm script cache", round => round[ColdProcesses.Tool][Milliseconds] / round[ColdProcesses.Cake][Milliseconds], 0.25, 0.2, MoreIsBetter: false, NeedsCores: false),
        Session(SessionBench.Tool, SessionBench.First, 1.1),
        Session(SessionBench.Tool, SessionBench.Down, 1.1),
        Session(SessionBench.Cake, SessionBench.First, 1.1),
        Session(SessionBench.Cake, SessionBench.Down, 1.1),
        new("1,000 bottles from text to files, in seconds", round => round[InProcess]["1,000 bottles ms"] / 1000, 1, 0.8, MoreIsBetter: false, NeedsCores: false),
        new("1,000 bottles / 10 × 100 bottles", round => round[InProcess]["1,000 bottles ms"] / (10 * round[InProcess]["100 bottles ms"]), 1.2, 1.1, MoreIsBetter: false, NeedsCores: false),
    ];

    internal static int Run(BenchOptions options)
    {
        // What srt, one of the yardsticks, makes its sandbox of.
        if (options.InstallsFirst) PackageInstaller.Install("bubblewrap", "ripgrep", "socat");
        using var workspace = new Workspace(options.KeepsFolder);
        var cold = ColdProcesses.Prepare(workspace);
        var sessions = SessionBench.Prepare(workspace, cold.Installed);
        var rendering = new RenderingBench();
        // Compiled from here on: the first hundreds are slower than what a process of a thousand spends on them.
        rendering.Run(Many);
        var rounds = new List<Dictionary<string, Dictionary<string, double>>>();
        for (var number = 0; number < options.Rounds; number++)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {number + 1} of {options.Rounds} …"));
            rounds.Add(Round(cold, sessions, rendering, number, options.IsQuick));
        }

        sessions.End();
        var record = new RunRecord
        {
            At = DateTimeOffset.UtcNow,
            Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            IsComparable = true,
            IsQuick = options.IsQuick,
            Rounds = rounds,
            ImageMb = null,
            Goals = [.. Goals.Select(goal => goal.Evaluate(rounds, isComparable: true))],
        };
        TableWriter.Write(Console.Out, record);
        if (options.JsonFile is not null)
            record.Write(options.JsonFile);
        return 0;
    }

    private static Dictionary<string, Dictionary<string, double>> Round(ColdProcesses cold, SessionBench sessions, RenderingBench rendering, int number, bool isQuick)
    {
        var round = cold.Run(isQuick ? 1 : RunsPerRound).ToDictionary(run => run.Key, run => new Dictionary<string, double> { [Milliseconds] = run.Value });
        for (var time = 0; time < (isQuick ? 1 : SessionsPerRound); time++)
            foreach (var (contestant, metrics) in sessions.Run(number + time))
                foreach (var (metric, value) in metrics) Add(round, contestant, metric, value, time);
        var many = rendering.Run(Many);
        round[InProcess] = many.ToDictionary(step => $"1,000 bottles, {step.Key} ms", step => step.Value);
        round[InProcess]["1,000 bottles ms"] = many.Values.Sum();
        round[InProcess]["100 bottles ms"] = rendering.Run(Few).Values.Sum();
        return round;
    }

    // The quickest of a round's sessions: what else the machine does only ever adds.
    private static void Add(Dictionary<string, Dictionary<string, double>> round, string contestant, string metric, double value, int time)
    {
        if (!round.TryGetValue(contestant, out var metrics)) round[contestant] = metrics = [];
        metrics[metric] = time == 0 ? value : Math.Min(metrics[metric], value);
    }

    private static Goal Session(string contestant, string metric, double aim) =>
        new($"{contestant}: {metric[..^3]} / docker compose", round => round[contestant][metric] / round[SessionBench.Compose][metric], 1.15, aim, MoreIsBetter: false, NeedsCores: false);
}
