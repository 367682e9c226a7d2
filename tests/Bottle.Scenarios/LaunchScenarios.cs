using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Host.State;

namespace Bottle.Scenarios;

/// <summary>What a second run does, and what becomes of runs that were started twice, or whose containers died.</summary>
[RequiresEngine]
internal sealed partial class LaunchScenarios
{
    private const string Quiet = "env: {LOG: debug}";

    [Test]
    public async Task A_second_run_skips_what_is_up_to_date_and_says_by_which_line_it_redoes_the_rest()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests("egress: {routes: [{host: api.demo.test}]}\ntest_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]", "['true']");
        var identity = Identity((await Cake.RunAsync(home, ["--target=RenderEgress", "--agent=scenario", "--yes", "--setup"])).Output);
        home.WriteManifests("egress: {routes: [{host: api.demo.test}, {host: '*.demo.test', methods: [POST]}]}\ntest_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]", "['true']");
        var (code, output, _) = await Cake.RunAsync(home, ["--target=RenderEgress", $"--bottle={identity}", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Match(@"RenderEgress: route \*\.demo\.test added at .*scenario\.md:2"));
        (_, output, _) = await Cake.RunAsync(home, ["--target=RenderEgress", $"--bottle={identity}"]);
        Assert.That(output, Does.Match(@"= RenderEgress .*up to date"), "nothing has changed, and nobody is asked again");
        (_, output, _) = await Cake.RunAsync(home, ["--target=RenderEgress", $"--bottle={identity}", "--force=RenderEgress"]);
        Assert.That(output, Does.Contain("RenderEgress: --force"));
        await AssertStatusAsync(home, identity, ("RenderEgress", "done"), ("ComposeUp", "pending"));
        await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Of_two_starts_of_one_identity_one_wins_and_nothing_is_left()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        await Cake.RunAsync(home, ["--target=BuildImages", "--agent=scenario", "--bottle=scenario-00000", "--yes", "--setup"]);
        await Cake.RunAsync(home, ["--target=Cleanup", "--bottle=scenario-00000"]);
        string[] start = ["--target=Start", "--agent=scenario", "--bottle=scenario-00001", "--yes"];
        using var first = Cake.Start(home, start);
        using var second = Cake.Start(home, start);
        int[] codes = [await first.ExitAsync(), await second.ExitAsync()];
        // Where the machine is slow, one can be over before the other begins.
        Assert.That(codes, Has.Some.EqualTo(0).And.All.AnyOf(0, 13), first.All + second.All);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task An_identity_that_another_home_uses_is_refused_before_anything_of_it_is_touched()
    {
        using var home = new BottleHomeFolder();
        using var other = new BottleHomeFolder();
        foreach (var one in (BottleHomeFolder[])[home, other]) one.WriteManifests(Quiet, "['true']");
        Assert.That((await Tool.RunAsync(other, ["compose-up", "scenario", $"--bottle={other.Identity}", "--yes", "--setup"])).Code, Is.Zero);
        var before = await BottleHomeFolder.Engine.ContainersAsync(other.Home.Hash);
        var (code, _, error) = await Tool.RunAsync(home, ["start", "scenario", $"--bottle={other.Identity}", "--yes", "--setup"]);
        Assert.That((code, error), Is.EqualTo((14, error)));
        Assert.That(error, Does.Contain("BTL4135"));
        Assert.That((await BottleHomeFolder.Engine.ContainersAsync(other.Home.Hash)).Select(container => (container.Id, container.State)), Is.EqualTo(before.Select(container => (container.Id, container.State))).And.Not.Empty);
        Assert.That(await home.LeftAsync(), Is.Empty);
        await Tool.RunAsync(other, ["cleanup", other.Identity]);
        Assert.That(await other.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_run_whose_containers_died_under_it_is_brought_up_again()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "[sh, -c, 'exit 5']");
        var identity = Identity((await Cake.RunAsync(home, ["--target=Provision", "--agent=scenario", "--yes", "--setup"])).Output);
        // As after a restart of the engine, which a test may not do to others.
        var runner = new Bottle.Host.Processes.CommandRunner();
        foreach (var container in await BottleHomeFolder.Engine.ContainersAsync(home.Home.Hash, identity))
            await runner.RunAsync(new Bottle.Host.Processes.Command("docker", "kill", container.Id));
        await AssertStatusAsync(home, identity, ("WriteCompose", "done"), ("ComposeUp", "stale"), ("Attach", "pending"));
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Resume", $"--bottle={identity}"]);
        Assert.That(code, Is.EqualTo(5), output);
        Assert.That(output, Does.Contain("ComposeUp: container agent is exited").And.Match("= WriteCompose .*up to date"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_full_disk_is_a_clear_error_and_what_was_written_before_stays_whole()
    {
        using var home = new BottleHomeFolder();
        var runner = new Bottle.Host.Processes.CommandRunner();
        var mounted = await runner.RunAsync(new Bottle.Host.Processes.Command("mount", "-t", "tmpfs", "-o", "size=512k", "bottle-test", home.Home.Root));
        Assume.That(mounted.Succeeded, "a small disk needs the right to mount one: " + mounted.Error);
        try
        {
            home.WriteManifests(Quiet, "['true']");
            var identity = Identity((await Cake.RunAsync(home, ["--target=WriteCompose", "--agent=scenario", "--yes", "--setup"])).Output);
            var state = home.Home.State(identity);
            var before = (Metadata: await File.ReadAllTextAsync(Path.Combine(state, "metadata.json")), Compose: await File.ReadAllTextAsync(Path.Combine(state, "docker-compose.yml")));
            // The next run would take the mark away, and have a page of memory to write in.
            File.Delete(Path.Combine(state, ".preserve"));
            await Fill(Path.Combine(home.Home.Root, "filler"));
            var (code, _, error) = await Cake.RunAsync(home, ["--target=WriteCompose", $"--bottle={identity}", "--force=WriteCompose", "--keep"]);
            Assert.That((code, error), Is.EqualTo((13, error)));
            Assert.That(error, Does.Contain("BTL3106").And.Contain("unchanged"));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(state, "metadata.json")), Is.EqualTo(before.Metadata));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(state, "docker-compose.yml")), Is.EqualTo(before.Compose));
            File.Delete(Path.Combine(home.Home.Root, "filler"));
            (code, _, error) = await Cake.RunAsync(home, ["--target=Resume", $"--bottle={identity}", "--setup"]);
            Assert.That((code, error), Is.EqualTo((0, error)), "with room again it goes on");
            Assert.That(await home.LeftAsync(), Is.Empty);
        }
        finally
        {
            await runner.RunAsync(new Bottle.Host.Processes.Command("umount", home.Home.Root));
        }
    }

    [Test]
    public async Task Many_bottles_are_up_side_by_side_in_subnets_of_their_own()
    {
        // Forty is where the engine's default pools would have ended; that many are brought up by hand.
        var count = int.TryParse(Environment.GetEnvironmentVariable("BOTTLE_MANY"), out var asked) ? asked : 6;
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        await Cake.RunAsync(home, ["--target=BuildImages", "--agent=scenario", "--bottle=scenario-first", "--yes", "--setup"]);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (number, _) =>
        {
            var (code, output, error) = await Tool.RunAsync(home, ["compose-up", "scenario", $"--bottle=scenario-{number:00000}", "--yes"]);
            Assert.That(code, Is.Zero, output + error);
        });
        Assert.That((await home.LeftAsync()).Count(left => left.StartsWith("container", StringComparison.Ordinal)), Is.EqualTo(count));
        foreach (var identity in new StateStore(home.Home, new Bottle.Host.Processes.CommandRunner()).ListIdentities())
            await Tool.RunAsync(home, ["cleanup", identity]);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    private static async Task AssertStatusAsync(BottleHomeFolder home, string identity, params (string Stage, string Status)[] expected)
    {
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Status", $"--bottle={identity}", "--format=json"]);
        Assert.That(code, Is.Zero, error);
        using var status = JsonDocument.Parse(output);
        var stages = status.RootElement.GetProperty("stages").EnumerateArray().ToDictionary(stage => stage.GetProperty("name").GetString()!, stage => stage.GetProperty("status").GetString());
        foreach (var (stage, wanted) in expected) Assert.That(stages[stage], Is.EqualTo(wanted), output);
    }

    [Test]
    public async Task Cycles_of_start_and_stop_leave_no_object()
    {
        // A thousand are made by Soak --suite=launch.
        const int cycles = 4;
        using var home = new BottleHomeFolder();
        home.WriteManifests(Quiet, "['true']");
        await Cake.RunAsync(home, ["--target=BuildImages", "--agent=scenario", "--bottle=scenario-first", "--yes", "--setup"]);
        await Cake.RunAsync(home, ["--target=Cleanup", "--bottle=scenario-first"]);
        await Parallel.ForEachAsync(Enumerable.Range(0, cycles), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--verbosity=quiet"]);
            Assert.That(code, Is.Zero, output + error);
        });
        Assert.That(await home.LeftAsync(), Is.Empty);
        Assert.That(Residue.FindInKernel(home.Home), Is.Empty);
    }

    private static async Task Fill(string path)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        var block = new byte[512];
        try
        {
            while (true) await file.WriteAsync(block);
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    private static string Identity(string output) => ScenarioIdentity().Match(output).Value;

    [GeneratedRegex("scenario-[0-9a-z]{5}")]
    private static partial Regex ScenarioIdentity();
}
