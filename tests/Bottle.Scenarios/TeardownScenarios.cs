using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Host.Images;

namespace Bottle.Scenarios;

/// <summary>However a run ends, nothing of it is left: no container, network, state or token file.</summary>
[RequiresEngine]
internal sealed class TeardownScenarios
{
    private const string Quiet = "env: {LOG: debug}";
    // The sum is worked out in the agent: the preflight shows the command, not its answer.
    private const string Sleeps = "[sh, -c, 'echo ready-$((40+2)); sleep 300']";

    [Test]
    public async Task The_agents_exit_code_is_Starts_and_nothing_is_left()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "[sh, -c, 'exit 42']");
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"]);
        Assert.That(code, Is.EqualTo(42));
        Assert.That(output, Does.Contain("exit code 42"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Ctrl_C_to_the_whole_group_tears_down_and_exits_with_130()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Sleeps);
        using var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"]);
        await cake.SawAsync("ready-42");
        Assert.That(await home.LeftAsync(), Is.Not.Empty, "the bottle should be up");
        cake.SignalGroup(PosixSignal.SIGINT);
        Assert.That(await cake.ExitAsync(), Is.EqualTo(130), cake.All);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task SIGTERM_to_the_process_tears_down_and_exits_with_143()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, Sleeps);
        using var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"]);
        await cake.SawAsync("ready-42");
        cake.Signal(PosixSignal.SIGTERM);
        Assert.That(await cake.ExitAsync(), Is.EqualTo(143), cake.All);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_stage_that_fails_says_which_and_why_and_leaves_nothing_but_its_log()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"]);
        home.WriteManifests("""
            egress: {routes: [{host: api.demo.test}]}
            test_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]
            """, "['true']");
        // The base image, which the first run has made, holds no pipelock: its container cannot start.
        var noPipelock = new ImageCatalogue(Cake.Repository).Base.Tag;
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"], new Dictionary<string, string> { ["BOTTLE_PIPELOCK_IMAGE"] = noPipelock });
        Assert.That(code, Is.EqualTo(14), "BTL4xxx");
        Assert.That(output + error, Does.Contain("pipelock").And.Contain("ComposeUp"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_stage_as_target_leaves_its_work_up_and_Cleanup_takes_it_away()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        var (code, output, _) = await Cake.RunAsync(home, ["--target=ComposeUp", "--agent=scenario", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Match("scenario-[0-9a-z]{5}: stopped after ComposeUp; next: dotnet cake --target=Prove --bottle=scenario-[0-9a-z]{5}"));
        Assert.That(await home.LeftAsync(), Has.Some.StartsWith("container"));
        var identity = Regex.Match(output, "scenario-[0-9a-z]{5}").Value;
        var (_, said, _) = await Cake.RunAsync(home, ["--target=Cleanup"]);
        Assert.That(said, Does.Contain($"--bottle={identity}"), "it was left up on purpose: nobody takes it away unasked");
        Assert.That(await home.LeftAsync(), Has.Some.StartsWith("container"));
        var (cleaned, _, _) = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That(cleaned, Is.Zero);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_link_in_place_of_the_request_log_is_reported_and_costs_neither_the_other_logs_nor_the_run()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        var (_, up, _) = await Cake.RunAsync(home, ["--target=ComposeUp", "--agent=scenario", "--yes", "--setup"]);
        var identity = Regex.Match(up, "scenario-[0-9a-z]{5}").Value;
        var log = Directory.CreateDirectory(Path.Combine(home.Home.State(identity), "egress-log"));
        File.CreateSymbolicLink(Path.Combine(log.FullName, "requests.jsonl"), "/etc/hostname");
        var (code, output, error) = await Cake.RunAsync(home, ["--target=DumpLogs", $"--bottle={identity}", "--format=json"]);
        Assert.That((code, error), Is.EqualTo((15, error)), "BTL5xxx");
        using (var said = JsonDocument.Parse(output))
            Assert.That(said.RootElement.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("BTL5301"));
        Assert.That(Directory.GetFiles(home.Home.Runs(identity)).Select(Path.GetFileName), Is.EquivalentTo(new[] { "compose.log", "plan.json", "receipt.json" }));
        Assert.That(await home.LeftAsync(), Has.Some.StartsWith("container"), "it was left up on purpose");
        var (cleaned, done, _) = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}", "--format=json"]);
        Assert.That((cleaned, done), Is.EqualTo((15, done)), "what cannot be kept is said once more, and costs the removal nothing");
        Assert.That(done, Does.Contain("BTL5301"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
