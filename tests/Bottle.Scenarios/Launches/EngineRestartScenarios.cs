using Bottle.Core.Planning;
using Bottle.Host.Images;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Launches;

/// <summary>The engine ends under a running bottle and comes back (attacks.md 37): everybody says what is, one command goes on to the end, another leaves nothing.</summary>
[RequiresEngine]
internal sealed class EngineRestartScenarios
{
    private const string WithEgress = "egress: {routes: [{host: api.demo.test}]}";

    [Test]
    public async Task A_bottle_survives_a_restart_of_the_engine_as_a_run_that_can_be_gone_on_with()
    {
        Assume.That((await new CommandRunner().RunAsync(new Command("id", "-u"))).Output.Trim(), Is.EqualTo("0"), "an engine of the test's own needs root");
        using var home = new BottleHomeFolder();
        home.WriteManifests(WithEgress, "[sh, -c, 'echo ready-$((40+2)); sleep 600']");
        Assert.That((await Tool.RunAsync(home, ["build-images", "scenario", $"--bottle={home.Identity}", "--yes", "--setup"])).Code, Is.Zero);
        await using var engine = new SecondEngine();
        await engine.StartAsync();
        await engine.CopyAsync(Images(home));
        await Tool.RunAsync(home, ["cleanup", home.Identity]);

        // Under the agent.
        using (var tool = Tool.Start(home, Start(home), engine.Environment))
        {
            await tool.SawAsync("ready-42");
            await engine.StopAsync();
            Assert.That(await tool.ExitAsync(), Is.Not.Zero, "what the engine cut short is no success");
            Assert.That(tool.Error, Does.Contain("BTL"), tool.All);
        }
        await engine.StartAsync();
        home.WriteManifests(WithEgress, "['true']");
        var (code, output, error) = await Tool.RunAsync(home, ["resume", home.Identity, "--yes", "--allow-stand-in"], engine.Environment);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        await AssertNothingIsLeftAsync(home, engine);

        // Under a bottle that was left up.
        Assert.That((await Tool.RunAsync(home, ["provision", .. Start(home)[1..]], engine.Environment)).Code, Is.Zero);
        await engine.StopAsync();
        var (blind, status, _) = await Tool.RunAsync(home, ["status", home.Identity], engine.Environment);
        Assert.That((blind, status), Is.EqualTo((0, status)));
        Assert.That(status, Does.Contain("only what is recorded is shown"));
        await engine.StartAsync();
        (code, output, error) = await Tool.RunAsync(home, ["resume", home.Identity, "--yes", "--allow-stand-in"], engine.Environment);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        await AssertNothingIsLeftAsync(home, engine);
    }

    private static string[] Start(BottleHomeFolder home) => ["start", "scenario", $"--bottle={home.Identity}", "--yes", "--allow-stand-in"];

    private static IEnumerable<string> Images(BottleHomeFolder home)
    {
        var catalogue = new ImageCatalogue(Cake.Repository, [home.Home.Bottles]);
        return new[] { catalogue.Base, catalogue.Egress, catalogue.PipelockStandIn, catalogue.Agent("scenario") }.Select(image => image.Tag);
    }

    private static async Task AssertNothingIsLeftAsync(BottleHomeFolder home, SecondEngine engine)
    {
        Assert.That((await engine.DockerAsync("ps", "--all", "--quiet")).Output, Is.Empty);
        Assert.That((await engine.DockerAsync("network", "ls", "--quiet", "--filter", $"label={BottleNames.HomeLabel}")).Output, Is.Empty);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
