using System.Runtime.InteropServices;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Terminals;
using Bottle.Testing;

namespace Bottle.Scenarios;

/// <summary>Runs that outlive their terminal (SPEC E10): nobody takes them for a left-over, a terminal comes back to them, and they tear themselves down.</summary>
[RequiresEngine]
internal sealed class DetachScenarios
{
    private const string Quiet = "env: {LOG: debug}";
    private const string Asks = "[sh, -c, 'echo ready-$((40+2)); read word; echo got $word; exit 7']";

    [Test]
    public async Task A_detached_agent_is_nobodys_left_over_and_its_exit_code_comes_back()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Asks);
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--bottle=scenario-00001", "--yes", "--setup", "--detach"]);
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.Contain("--target=Attach --bottle=scenario-00001"));
        Assert.That((await Cake.RunAsync(home, ["--target=Cleanup"])).Output, Does.Contain("nothing to remove"));
        Assert.That((await Cake.RunAsync(home, ["--target=List"])).Output, Does.Contain("detached"));
        using (var back = Cake.Start(home, ["--target=Attach", "--bottle=scenario-00001"], input: "hello\n"))
        {
            Assert.That(await back.ExitAsync(), Is.EqualTo(7), back.All);
            Assert.That(back.Output, Does.Contain("ready-42").And.Contain("got hello"));
        }
        Assert.That(await home.LeftAsync(), Is.Empty, "who was attached left when all was torn down");
        (code, output, _) = await Cake.RunAsync(home, ["--target=Attach", "--bottle=scenario-00001"]);
        Assert.That((code, output), Is.EqualTo((7, output)), "how it ended is known afterwards");
    }

    [Test]
    public async Task A_lost_terminal_leaves_the_agent_running_when_home_says_so_and_Stop_ends_it()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Asks);
        await File.WriteAllTextAsync(home.Home.Configuration, "on_hangup: detach\n");
        using (var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", "--bottle=scenario-00002", "--yes", "--setup"]))
        {
            await cake.SawAsync("ready-42");
            cake.SignalGroup(PosixSignal.SIGHUP);
            Assert.That(await cake.ExitAsync(), Is.EqualTo(129), cake.All);
        }
        Assert.That(RunLock.IsHeld(home.Home.State("scenario-00002")), "its keeper owns it");
        Assert.That(await home.LeftAsync(), Has.Some.StartsWith("container"));
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Stop", "--bottle=scenario-00002"]);
        Assert.That((code, error), Is.EqualTo((0, error)));
        Assert.That(output, Does.Contain("stopped and removed"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_terminal_comes_back_in_raw_mode_with_its_size_and_what_was_written()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "[sh, -c, 'echo ready-$((40+2)); trap : INT; sleep 300; stty size; read word; exit 9']");
        string[] attach = ["cake", "--target=Attach", "--bottle=scenario-00004"];
        Assert.That((await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--bottle=scenario-00004", "--yes", "--setup", "--detach"])).Code, Is.Zero);
        Assert.That(await OnTerminalAsync(home, attach, async terminal =>
        {
            await terminal.SizeAsync(40, 132);
            await terminal.SeesAsync("ready-42");
            // A typed Ctrl-C is the agent's, and nobody else's.
            await terminal.TypeAsync("\x03");
            await terminal.SeesAsync("40 132");
            await terminal.TypeAsync("\x1d\x1d\x1d");
        }), Is.Zero, "leaving is no failure");
        Assert.That(RunLock.IsHeld(home.Home.State("scenario-00004")));
        Assert.That(await OnTerminalAsync(home, attach, async terminal =>
        {
            await terminal.SizeAsync(40, 132);
            await terminal.SeesAsync("40 132");
            await terminal.TypeAsync("x\r");
        }), Is.EqualTo(9));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    // The terminal of the person is a kept one too: Bottle's own, at whose socket the test sits.
    private static async Task<int> OnTerminalAsync(BottleHomeFolder home, string[] arguments, Func<TerminalVisitor, Task> act)
    {
        using var folder = new TemporaryFolder();
        var socket = Path.Combine(folder.Path, "person.sock");
        await using var person = new TerminalKeeper(socket);
        var running = person.RunAsync(new CommandRunner(), new Command("dotnet", arguments)
        {
            WorkingDirectory = Cake.Repository,
            Environment = new Dictionary<string, string?> { ["CLAUDE_BOTTLE_HOME"] = home.Home.Root, ["PWD"] = Cake.Repository, ["TERM"] = "xterm" },
        });
        using var visitor = await TerminalVisitor.ComeAsync(socket);
        await visitor.SeesAsync("leaves it running");
        await act(visitor);
        await visitor.UntilEndAsync();
        return await running;
    }

    [Test]
    public async Task Stop_ends_a_run_that_somebody_has_on_a_terminal()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "[sh, -c, 'echo ready-$((40+2)); sleep 300']");
        using var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", "--bottle=scenario-00003", "--yes", "--setup"]);
        await cake.SawAsync("ready-42");
        Assert.That((await Cake.RunAsync(home, ["--target=Stop", "--bottle=scenario-00003"])).Code, Is.Zero);
        Assert.That(await cake.ExitAsync(), Is.EqualTo(143), cake.All);
        Assert.That(cake.Output, Does.Contain("stopped by SIGTERM; scenario-00003 is removed"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
