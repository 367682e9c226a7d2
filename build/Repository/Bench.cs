using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Runs a suite of benchmarks (<c>--suite=egress</c>, <c>git</c> or <c>launch</c>): ratios against a baseline in the same run, as a table and as JSON in <c>artifacts/bench/</c>.</summary>
[TaskDescription("Runs benchmarks: --suite=egress|git|launch (--setup installs what it needs)")]
[Takes("suite", "setup")]
internal sealed class Bench : AsyncFrostingTask<BottleContext>
{
    private static readonly string[] Suites = ["egress", "git", "launch"];

    public override async Task RunAsync(BottleContext context)
    {
        var suite = context.Arguments.Suite ?? throw new BottleException(CommandLineErrors.MissingArgument("suite", "Bench", "--suite=egress"));
        if (!Suites.Contains(suite)) throw new BottleException(CommandLineErrors.BadValue("suite", suite, string.Join(", ", Suites)));
        string[] setup = context.Arguments.Setup ? ["--setup"] : [];
        await RunAsync(context, [suite, "--json", Path.Combine(Results(context), $"{suite}.json"), .. setup]);
    }

    /// <summary>Where figures are kept.</summary>
    internal static string Results(BottleContext context) => Directory.CreateDirectory(Path.Combine(context.Clone, "artifacts", "bench")).FullName;

    /// <summary>Runs the benchmark program; a failure of its own ends the task.</summary>
    internal static async Task RunAsync(BottleContext context, IReadOnlyList<string> arguments)
    {
        var command = new Command("dotnet", ["run", "--project", "tests/Bottle.Benchmarks", "--configuration", "Release", "--", .. arguments]) { WorkingDirectory = context.Clone };
        var code = await context.Runner.AttachAsync(command, context.Cancellation);
        if (code != 0) throw new BottleException(EngineErrors.CommandFailed(command.ToString(), code, []));
    }
}
