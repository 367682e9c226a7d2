using System.Runtime.InteropServices;
using Bottle.Host.Images;

namespace Bottle.Scenarios.Launches;

/// <summary>How a run can end, at doors 1 and 2 alike: its exit code, and nothing left.</summary>
[RequiresEngine]
internal sealed class EndScenarios
{
    private const string Quiet = "env: {LOG: debug}";
    private const string Sleeps = "[sh, -c, 'echo ready-$((40+2)); sleep 600']";

    [Test]
    public async Task At_door_2_the_agents_exit_code_is_Starts()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "[sh, -c, 'exit 42']");
        var (code, output, error) = await Tool.RunAsync(home, ["start", "scenario", "--yes", "--setup"]);
        Assert.That((code, error), Is.EqualTo((42, error)), output);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task At_door_2_a_stage_that_fails_gives_its_own_code()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests("egress: {routes: [{host: api.demo.test}]}", "['true']");
        Assert.That((await Tool.RunAsync(home, ["start", "scenario", "--yes", "--setup"])).Code, Is.Zero);
        // The base image holds no pipelock: its container cannot start.
        var (code, output, error) = await Tool.RunAsync(home, ["start", "scenario", "--yes", "--setup"], new Dictionary<string, string> { ["BOTTLE_PIPELOCK_IMAGE"] = new ImageCatalogue(Cake.Repository).Base.Tag });
        Assert.That(code, Is.EqualTo(14), output + error);
        Assert.That(error, Does.Contain("pipelock"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Ctrl_C_typed_twice_while_containers_come_up_leaves_nothing(int door)
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Sleeps);
        using var person = await SitAsync(home, door);
        await person.SawAsync("ComposeUp 0.");
        await person.TypeAsync("\x03");
        await person.TypeAsync("\x03");
        Assert.That(await person.CodeAsync(), Is.EqualTo(130), person.Seen);
        Assert.That(await home.LeftAsync(), Is.Empty, person.Seen);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task A_terminal_that_is_closed_under_the_agent_leaves_nothing(int door)
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Sleeps);
        using var person = await SitAsync(home, door);
        await person.SawAsync("ready-42");
        person.Close();
        Assert.That(await person.CodeAsync(), Is.EqualTo(129), person.Seen);
        // At door 1 the dotnet command line does not wait for the Cake that it started, which goes on to the end.
        for (var tries = 0; tries < 300 && (await home.LeftAsync()).Count > 0; tries++) await Task.Delay(200);
        Assert.That(await home.LeftAsync(), Is.Empty, person.Seen);
    }

    [Test]
    public async Task SIGTERM_at_door_2_while_the_agent_has_the_terminal_leaves_nothing()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Sleeps);
        using var tool = Tool.Start(home, ["start", "scenario", "--yes", "--setup"]);
        await tool.SawAsync("ready-42");
        tool.Signal(PosixSignal.SIGTERM);
        Assert.That(await tool.ExitAsync(), Is.EqualTo(143), tool.All);
        Assert.That(tool.Output, Does.Contain("stopped by SIGTERM").And.Contain("is removed"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    private static async Task<PersonAtTerminal> SitAsync(BottleHomeFolder home, int door)
    {
        Assert.That((await Tool.RunAsync(home, ["build-images", "scenario", "--bottle=scenario-first", "--yes", "--setup"])).Code, Is.Zero);
        await Tool.RunAsync(home, ["cleanup", "scenario-first"]);
        return door == 1
            ? PersonAtTerminal.Sit(home, Cake.Repository, ["dotnet", "cake", "--target=Start", "--agent=scenario", "--yes"])
            : PersonAtTerminal.Sit(home, home.Home.Root, Tool.Words("start", "scenario", "--yes"));
    }
}
