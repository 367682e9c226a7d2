using System.Globalization;
using System.Runtime.InteropServices;
using Bottle.Benchmarks.Measures;
using Bottle.Benchmarks.Reports;

namespace Bottle.Benchmarks.Git;

/// <summary><c>bench git</c>: the gate against a direct connection over the same ssh, in interleaved rounds.</summary>
internal static class GitCommand
{
    private static readonly string[] Contestants = ["gate", "direct"];

    internal static int Run(BenchOptions options)
    {
        using var lab = GitLab.Start(options.InstallsFirst);
        foreach (var contestant in Contestants)
            Do(lab, contestant, "mkdir -p $HOME; cd $HOME; if [ $WHO = direct ]; then install -m 600 /k/deploy key; echo \"upstream.test $(cut -d' ' -f1,2 /k/hostkey.pub)\" > known; fi; git clone -q $WORK w");
        var rounds = new List<Dictionary<string, Dictionary<string, double>>>();
        // The first round warms everything up and is not counted.
        for (var number = 0; number <= options.Rounds; number++)
        {
            var round = Round(lab, number, options.IsQuick ? GitCase.All.Take(2) : GitCase.All);
            if (number > 0)
                rounds.Add(round);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {number} of {options.Rounds}: {string.Join(", ", round["gate"].Keys.Where(metric => metric.EndsWith("-ms", StringComparison.Ordinal)).Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric} {round["gate"][metric]:F0} / {round["direct"][metric]:F0}")))}"));
        }
        var record = new RunRecord
        {
            At = DateTimeOffset.UtcNow,
            Machine = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, load {Load()}, {RuntimeInformation.OSDescription}"),
            IsComparable = true,
            IsQuick = options.IsQuick,
            Rounds = rounds,
            ImageMb = null,
            Goals = [.. GitCase.All.Select(Goal).Select(goal => goal.Evaluate(rounds, isComparable: true))],
        };
        TableWriter.Write(Console.Out, record);
        if (options.JsonFile is not null)
            record.Write(options.JsonFile);
        return 0;
    }

    private static Dictionary<string, Dictionary<string, double>> Round(GitLab lab, int number, IEnumerable<GitCase> cases)
    {
        var round = Contestants.ToDictionary(contestant => contestant, _ => new Dictionary<string, double>(), StringComparer.Ordinal);
        foreach (var @case in cases)
            foreach (var contestant in number % 2 == 0 ? Contestants : Contestants.Reverse())
                round[contestant][Metric(@case)] = Time(lab, contestant, @case);
        round["gate"]["memory-peak-mb"] = lab.GatePeakMb();
        return round;
    }

    private static Goal Goal(GitCase @case) => new($"{@case.Name} / direct", round => Of(round, "gate", @case) / Of(round, "direct", @case), @case.Must, double.NaN, MoreIsBetter: false, NeedsCores: false);

    private static double Of(IReadOnlyDictionary<string, Dictionary<string, double>> round, string contestant, GitCase @case) => round[contestant].GetValueOrDefault(Metric(@case), double.NaN);

    private static string Metric(GitCase @case) => @case.Name.Replace(' ', '-') + "-ms";

    // Timed inside the container: what docker exec costs is nobody's.
    private static double Time(GitLab lab, string contestant, GitCase @case)
    {
        var text = Do(lab, contestant, $"cd $HOME/w; {@case.Prepare}; s=$EPOCHREALTIME; {@case.Command}; e=$EPOCHREALTIME; echo \"took $((${{e/./}} - ${{s/./}}))\"");
        return double.Parse(text[(text.LastIndexOf("took ", StringComparison.Ordinal) + 5)..], CultureInfo.InvariantCulture) / 1e3;
    }

    private static string Do(GitLab lab, string contestant, string script) => lab.Shell(lab.Client(contestant), script, "git",
        $"WHO={contestant}", $"HOME=/w/{contestant}", $"WORK={lab.Url(contestant, GitLab.WorkRepository)}", $"URL={lab.Url(contestant, GitLab.ManyRepository)}",
        "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@a.test", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@a.test",
        $"GIT_SSH_COMMAND=ssh -i /w/{contestant}/key -o UserKnownHostsFile=/w/{contestant}/known -o IdentitiesOnly=yes");

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
