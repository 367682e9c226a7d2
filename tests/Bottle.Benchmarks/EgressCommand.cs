using System.Globalization;
using System.Runtime.InteropServices;
using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Measures;
using Bottle.Benchmarks.Origins;
using Bottle.Benchmarks.Reports;

namespace Bottle.Benchmarks;

/// <summary><c>bench egress</c>: runs the rounds and reports. Exit code 0, or 1 when our sidecar had errors or let through what it must not.</summary>
internal static class EgressCommand
{
    internal static int Run(BenchOptions options)
    {
        var layout = CpuLayout.For(Environment.ProcessorCount, options.ProxyCores);
        if (options.InstallsFirst)
            PackageInstaller.Install("nginx", "squid-openssl", "mitmproxy");
        using var workspace = new Workspace(options.KeepsFolder);
        var executable = options.EgressExecutable ?? SidecarBinary.Publish(workspace.Folder("egress-publish"));
        var contestants = Contestants(options, executable);
        using var origin = OriginProcess.Start(workspace, layout);
        var steps = new Steps(options.Measurement, options.IsQuick, options.Steps);
        var round = new Round(origin.Rig, contestants, steps);
        var rounds = new List<Dictionary<string, Dictionary<string, double>>>();
        for (var number = 0; number < options.Rounds; number++)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {number + 1} of {options.Rounds} …"));
            rounds.Add(round.Run(number, isLast: number == options.Rounds - 1, Console.Error.WriteLine));
        }
        var record = Record(options, layout, rounds);
        TableWriter.Write(Console.Out, record);
        if (options.JsonFile is not null)
            record.Write(options.JsonFile);
        // Another's errors spoil its figures and are reported, but they are no fault of ours; in quick mode everything has to run.
        var errors = rounds.SelectMany(round => round).Where(pair => options.IsQuick || pair.Key == EgressSidecar.DefaultName).Sum(pair => pair.Value[Metric.Errors]);
        return ReportViolations(origin) || errors > 0 ? 1 : 0;
    }

    private static List<IContestant> Contestants(BenchOptions options, string executable)
    {
        IContestant[] all = [new Direct(), new NginxReverse(), new EgressSidecar(EgressSidecar.DefaultName, executable, new Dictionary<string, string>()), new Squid(), new Mitmproxy()];
        return
        [
            .. all.Where(contestant => options.Contestants is null || options.Contestants.Contains(contestant.Name)),
            .. options.Variants.Select(variant => new EgressSidecar(variant.Label, variant.Executable ?? executable, variant.Environment)),
        ];
    }

    private static RunRecord Record(BenchOptions options, CpuLayout layout, List<Dictionary<string, Dictionary<string, double>>> rounds)
    {
        var image = EgressImage.SizeMb();
        return new RunRecord
        {
            At = DateTimeOffset.UtcNow,
            Machine = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, proxy on {options.ProxyCores}, {RuntimeInformation.OSDescription}, .NET {Environment.Version}"),
            IsComparable = layout.IsComparable,
            IsQuick = options.IsQuick,
            Rounds = rounds,
            ImageMb = image,
            Goals = [.. Goals.All(image).Select(goal => goal.Evaluate(rounds, layout.IsComparable))],
        };
    }

    private static bool ReportViolations(OriginProcess origin)
    {
        var violations = origin.Violations();
        foreach (var violation in violations.Take(10))
            Console.Error.WriteLine(violation);
        return violations.Count > 0;
    }
}
