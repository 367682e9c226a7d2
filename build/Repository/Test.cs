using System.Globalization;
using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>
/// Runs every test project and ends with <c>N passed, N failed</c>. With <c>--setup</c> an engine is made when none answers, and tests that
/// need one fail, instead of being skipped, where it is missing.
/// </summary>
[TaskDescription("Runs the tests; with --setup an engine is installed when missing, and required")]
[Takes("filter", "setup")]
internal sealed class Test : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        if (context.Arguments.Setup) await context.EngineGate.RequireAsync();
        var passed = 0;
        var failed = 0;
        string[] filter = context.Arguments.Filter is { } expression ? ["--filter", expression] : [];
        var result = await context.Runner.RunAsync(
            new Command("dotnet", ["test", "--solution", "Bottle.slnx", "--no-ansi", .. filter])
            {
                WorkingDirectory = context.Clone,
                Environment = new Dictionary<string, string?> { ["BOTTLE_REQUIRE_ENGINE"] = context.Arguments.Setup ? "1" : null },
                OnLine = (line, _) =>
                {
                    context.Console.Say(line);
                    passed = Count(line, "succeeded:") ?? passed;
                    failed = Count(line, "failed:") ?? failed;
                },
                Grace = TimeSpan.FromSeconds(60),
            },
            context.Cancellation);
        // A run that dies before it counts is a failure too.
        if (!result.Succeeded && failed == 0) failed = 1;
        context.Console.Say($"{passed} passed, {failed} failed");
        if (failed > 0 || passed == 0) throw new BottleException(LaunchErrors.TestsFailed(passed, failed));
    }

    private static int? Count(string line, string label) =>
        line.Trim() is var text && text.StartsWith(label, StringComparison.Ordinal) && int.TryParse(text[label.Length..], CultureInfo.InvariantCulture, out var count) ? count : null;
}
