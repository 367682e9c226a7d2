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
        "launch" => ScenariosAsync(context, "FullyQualifiedName~Cycles_of_start_and_stop", ("BOTTLE_CYCLES", context.Arguments.Cycles ?? "100")),
        var other => throw new BottleException(CommandLineErrors.BadValue("suite", other, Suites)),
    };

    private static async Task ScenariosAsync(BottleContext context, string filter, params (string Name, string Value)[] variables)
    {
        var command = new Command("dotnet", ["test", "--project", "tests/Bottle.Scenarios/Bottle.Scenarios.csproj", "--filter", filter])
        {
            WorkingDirectory = context.RepositoryRoot,
            Environment = variables.Append(("BOTTLE_REQUIRE_ENGINE", "1")).ToDictionary(variable => variable.Item1, variable => (string?)variable.Item2),
        };
        var code = await context.Runner.AttachAsync(command, context.Cancellation);
        if (code != 0) throw new BottleException(EngineErrors.CommandFailed(command.ToString(), code, []));
    }
}
