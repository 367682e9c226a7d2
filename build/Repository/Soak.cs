using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>
/// Runs what takes too long for CI: ten minutes of fuzzing, large bodies and silent streams against a live sidecar (<c>--suite=egress</c>), an agent whose operator is silent for minutes (<c>--suite=supervise</c>), or many starts and stops (<c>--suite=launch</c>); the last two need an engine.
/// </summary>
[TaskDescription("Runs what takes too long for CI: --suite=egress|supervise|launch [--cycles=N]")]
[Takes("suite", "cycles")]
internal sealed class Soak : AsyncFrostingTask<BottleContext>
{
    private const string Suites = "egress, supervise or launch";

    public override Task RunAsync(BottleContext context) => context.Arguments.Suite switch
    {
        null => throw new BottleException(CommandLineErrors.MissingArgument("suite", "Soak", "--suite=egress")),
        "egress" => Bench.RunAsync(context, ["soak", "egress", "--minutes", "10"]),
        "supervise" => ScenariosAsync(context, "TestCategory=Soak"),
        "launch" => Bench.RunAsync(context, ["soak", "launch", "--cycles", context.Arguments.Cycles ?? "100", "--json", Path.Combine(Bench.Results(context), "soak-launch.json")]),
        var other => throw new BottleException(CommandLineErrors.BadValue("suite", other, Suites)),
    };

    private static async Task ScenariosAsync(BottleContext context, string filter)
    {
        var command = new Command("dotnet", ["test", "--project", "tests/Bottle.Scenarios/Bottle.Scenarios.csproj", "--filter", filter])
        {
            WorkingDirectory = context.RepositoryRoot,
            Environment = new Dictionary<string, string?> { ["BOTTLE_REQUIRE_ENGINE"] = "1" },
        };
        var code = await context.Runner.AttachAsync(command, context.Cancellation);
        if (code != 0) throw new BottleException(EngineErrors.CommandFailed(command.ToString(), code, []));
    }
}
