using System.Globalization;

namespace Bottle.Benchmarks;

/// <summary>The command line of <c>bench egress</c>, <c>bench launch</c>, <c>bench git</c>, <c>bench soak egress</c> and <c>bench soak launch</c>.</summary>
internal sealed record BenchOptions
{
    internal const string Usage = """
        usage: bench egress [--rounds N] [--quick] [--seconds S] [--json FILE] [--setup] [--contestants a,b] [--steps a,b] [--egress FILE] [--variant …] [--proxy-cores 1|2] [--keep]
               bench launch [--rounds N] [--quick] [--json FILE] [--setup] [--keep]
               bench git [--rounds N] [--quick] [--json FILE] [--setup]
               bench soak egress [--minutes N] [--megabytes N] [--seed N] [--json FILE] [--egress FILE] [--keep]
               bench soak launch [--cycles N] [--parallel N] [--json FILE] [--keep]
          --rounds N        interleaved rounds; figures are medians of per-round ratios (default 5)
          --quick           one round of tiny counts: proves that everything runs, without errors; no figure counts
          --seconds S       length of each measurement (default 2)
          --json FILE       also write every sample there
          --setup           egress: install nginx, squid-openssl and mitmproxy with apt-get first; launch: what srt needs; git: may install the engine and build images
          --contestants     only these of: direct, nginx, egress, squid, mitmproxy
          --steps a,b       only these measurements; a name that is none is answered with all
          --egress FILE     this executable instead of publishing src/Bottle.Egress
          --variant LABEL[,file=FILE][,NAME=VALUE…]
                            another sidecar beside ours: other executable, other environment; may be repeated
          --proxy-cores 2   two cores for the proxy under test instead of one
          --cycles N        starts and stops of a minimal bottle (default 100)
          --parallel N      so many at once (default 4)
          --keep            keep the run's folder (configurations and logs)
        """;

    internal int Rounds { get; init; } = 5;

    internal bool IsQuick { get; init; }

    internal TimeSpan Measurement { get; init; } = TimeSpan.FromSeconds(2);

    internal string? JsonFile { get; init; }

    internal bool InstallsFirst { get; init; }

    internal IReadOnlyList<string>? Contestants { get; init; }

    internal IReadOnlyList<string>? Steps { get; init; }

    internal string? EgressExecutable { get; init; }

    internal IReadOnlyList<SidecarVariant> Variants { get; init; } = [];

    internal int ProxyCores { get; init; } = 1;

    internal bool KeepsFolder { get; init; }

    internal double Minutes { get; init; } = 10;

    internal int Megabytes { get; init; } = 1000;

    internal int Seed { get; init; } = Random.Shared.Next();

    internal int Cycles { get; init; } = 100;

    internal int Parallel { get; init; } = 4;

    /// <summary>Reads the options after the verb; throws <see cref="FormatException"/> with what is wrong.</summary>
    internal static BenchOptions Parse(IEnumerable<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        var options = new BenchOptions();
        while (rest.TryDequeue(out var name))
            options = options.With(name, () => rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} wants a value"));
        return options;
    }

    private static string[] ReadSteps(string text)
    {
        var names = text.Split(',');
        return names.Except(Measures.Steps.Names).ToArray() is [var unknown, ..]
            ? throw new FormatException($"no step is called '{unknown}'; there are {string.Join(", ", Measures.Steps.Names)}") : names;
    }

    private BenchOptions With(string name, Func<string> value) => name switch
    {
        "--rounds" => this with { Rounds = int.Parse(value(), CultureInfo.InvariantCulture) },
        "--quick" => this with { IsQuick = true, Rounds = 1, Measurement = TimeSpan.FromMilliseconds(300) },
        "--seconds" => this with { Measurement = TimeSpan.FromSeconds(double.Parse(value(), CultureInfo.InvariantCulture)) },
        "--json" => this with { JsonFile = value() },
        "--setup" => this with { InstallsFirst = true },
        "--contestants" => this with { Contestants = value().Split(',') },
        "--steps" => this with { Steps = ReadSteps(value()) },
        "--egress" => this with { EgressExecutable = Path.GetFullPath(value()) },
        "--variant" => this with { Variants = [.. Variants, SidecarVariant.Parse(value())] },
        "--proxy-cores" => this with { ProxyCores = int.Parse(value(), CultureInfo.InvariantCulture) },
        "--keep" => this with { KeepsFolder = true },
        "--minutes" => this with { Minutes = double.Parse(value(), CultureInfo.InvariantCulture) },
        "--megabytes" => this with { Megabytes = int.Parse(value(), CultureInfo.InvariantCulture) },
        "--seed" => this with { Seed = int.Parse(value(), CultureInfo.InvariantCulture) },
        "--cycles" => this with { Cycles = int.Parse(value(), CultureInfo.InvariantCulture) },
        "--parallel" => this with { Parallel = int.Parse(value(), CultureInfo.InvariantCulture) },
        _ => throw new FormatException($"unknown option {name}"),
    };
}
