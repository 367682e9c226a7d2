using System.Text.Json;
using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Host.Capability;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.State;
using Bottle.Scenarios.Launches;

namespace Bottle.Scenarios.Agents;

/// <summary>
/// gVisor (SPEC M1) on an engine that has it: Debian's runsc, whose own network stack does not run on every kernel, with <c>--network=host</c>, which means the network of the container that it stands in for. The
/// engine's network namespace is its own, and Bottle is started in it: its canaries listen at the addresses of that engine's bridges, as they do on a machine with one engine.
/// </summary>
[RequiresEngine]
internal sealed class GVisorScenarios : IAsyncDisposable
{
    private const string Quiet = "env: {LOG: debug}";

    // gVisor's kernel says in its own log who it is; the host's is closed to an agent.
    private const string Looks = "[sh, -c, 'dmesg 2>/dev/null | grep -q gVisor && echo gVisor-$((40+2)) || echo host-$((40+2)); sed -n \"s/^ *\\([a-z0-9]*\\):.*/interface-\\1/p\" /proc/net/dev']";

    // As bottles/README.md says.
    private static readonly string[] Works = ["--network=host", "--overlay2=none"];

    private readonly SecondEngine engine = new();
    private readonly HashSet<string> copied = new(StringComparer.Ordinal);
    private string runsc = "";

    [OneTimeSetUp]
    public async Task FetchAsync()
    {
        if (!Environment.IsPrivilegedProcess) MachineNeeds.AreMissing("an engine of the test's own needs root");
        runsc = await DebianProgram.PathAsync("runsc", "usr/bin/runsc");
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Test]
    public async Task Listed_and_broken_it_is_not_taken_and_whoever_insists_is_told_why()
    {
        // A program that is no runtime, on every machine; runsc without --network=host is refused in its place by some kernels only.
        await engine.StartAsync(Configuration("/bin/false"));
        using var home = await HomeAsync(Quiet);
        var (code, output, error) = await StartAsync(home, "scenario");
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(output, Does.Match("runtime +runc: the engine offers runsc, but no container runs under it: .*\\S").And.Contain("host-42"));

        home.WriteManifests("runtime: runsc", Looks);
        (code, output, error) = await StartAsync(home, "scenario");
        Assert.That((code, error), Is.EqualTo((12, error)), output);
        Assert.That(error, Does.Contain("no container runs under it").And.Match("scenario.md:2:"));
        Assert.That((await engine.DockerAsync("ps", "--all", "--quiet")).Output, Is.Empty);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Where_it_works_it_is_taken_unless_the_manifest_says_runc()
    {
        await engine.StartAsync(Configuration(runsc, Works));
        using var home = await HomeAsync(Quiet);
        foreach (var (manifest, said, kernel) in new[]
        {
            (Quiet, "runsc: a container that was tried runs under gVisor", "gVisor-42"),
            ("runtime: runsc", "runsc: the manifest says so; a container that was tried runs under gVisor", "gVisor-42"),
            ("runtime: runc", "runc: the manifest says so", "host-42"),
        })
        {
            home.WriteManifests(manifest, Looks);
            var (code, output, error) = await StartAsync(home, "scenario");
            Assert.That((code, error), Is.EqualTo((0, error)), output);
            Assert.That(output, Does.Match($"runtime +{said}").And.Contain(kernel));
            Assert.That(output.Split('\n').Where(line => line.StartsWith("interface-", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "interface-lo", "interface-eth0" }), "the host's network is the container's own");
        }
        Assert.That((await engine.DockerAsync("image", "ls", "--quiet", "--filter", "dangling=true")).Output, Is.Empty, "the probe's image is made once");
        Assert.That((await engine.DockerAsync("ps", "--all", "--quiet")).Output, Is.Empty);
    }

    [Test]
    public async Task The_demo_holds_under_it_and_no_canary_on_the_engines_host_or_elsewhere_is_reached()
    {
        await engine.StartAsync(Configuration(runsc, Works));
        using var home = new BottleHomeFolder();
        Assert.That((await Tool.RunAsync(home, ["build-images", "demo", "--bottle=demo-00001", "--yes", "--setup"])).Code, Is.Zero);
        await Tool.RunAsync(home, ["cleanup", "demo-00001"]);
        var images = new ImageCatalogue(Cake.Repository);
        await CopyAsync(images.Base, images.Egress, images.PipelockStandIn, images.DemoUpstream, images.Agent("demo"));
        var (code, output, error) = await StartAsync(home, "demo");
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(output, Does.Match("runtime +runsc: ").And.Match("[0-9]+ canaries answer from outside the bottle").And.Contain("lines hold").And.Not.Contain("FAIL"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Claude_works_on_a_prompt_under_it()
    {
        await engine.StartAsync(Configuration(runsc, Works));
        await using var bottle = AgentBottle.Claude;
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        var images = new ImageCatalogue(Cake.Repository);
        await CopyAsync(images.Base, images.Egress, images.PipelockStandIn, images.DemoUpstream, images.DemoGitUpstream, images.GitGate, images.Supervise, images.Agent("worker"));
        bottle.Engine = engine;
        Assert.That((await bottle.RunAsync(["--target=ComposeUp", .. bottle.Launch])).Code, Is.Zero);
        var (code, output, error) = await bottle.AskAsync(AgentBottle.Call("Bash", new { command = "dmesg | grep -o gVisor | head -1; git clone -q git@git.demo.test:demo.git w && ls w", description = "Look" }));
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(output, Does.Contain("The script has ended after 1 calls."));
        Assert.That((await bottle.UpstreamAsync("messages")).Select(request => request.GetProperty("last_result")).Where(result => result.ValueKind == JsonValueKind.String).Select(result => result.GetString()),
            Has.Some.Contains("gVisor").And.Some.Contains("README"));
        Assert.That(await bottle.StopAsync(), Is.Empty);
        Assert.That((await engine.DockerAsync("ps", "--all", "--quiet")).Output, Is.Empty);
    }

    // gVisor's kernel ends whole when it gets no more.
    [TestCase("memory: 256MB", "head -c 900M /dev/zero | tail | wc -c; exit 7", "out of memory")]
    [TestCase("pids: 64", "i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i+1)); done; exit 7", "out of processes")]
    public async Task Running_out_of_what_the_manifest_gives_is_named_at_the_end(string limit, string script, string says)
    {
        await engine.StartAsync(Configuration(runsc, Works));
        using var home = await HomeAsync(Quiet);
        home.WriteManifests($"limits: {{{limit}}}", $"[bash, -c, {JsonSerializer.Serialize(script)}]");
        var (code, output, error) = await StartAsync(home, "scenario");
        Assert.That((code, error), Is.Not.EqualTo((0, error)), output);
        Assert.That(output, Does.Contain(says).And.Match(@"limits at .*scenario\.md:2"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Approved_steps_become_part_of_the_image_or_are_not_run(bool keepsToItself)
    {
        await engine.StartAsync(Configuration(runsc, keepsToItself ? Works[..1] : Works));
        using var home = await HomeAsync(Quiet);
        var (code, output, error) = await RunAsync(home, "compose-up", "scenario", $"--bottle={home.Identity}");
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        var state = new StateStore(home.Home, engine.Client).Open(home.Identity)!;
        var image = RunImage.Next(state);
        Task StepsAsync() => new StepRunner(new DockerEngine(engine.Client), engine.Client).RunAsync(PlanStore.Read(state)!, state, CapabilityParser.Parse(["RUN dmesg | grep -o gVisor | head -1 > /made"]), image, _ => { });
        if (keepsToItself)
            Assert.That(StepsAsync, Throws.TypeOf<BottleException>().With.Property("Diagnostics").With.One.Property("Code").EqualTo("BTL7409"));
        else
        {
            await StepsAsync();
            var made = await engine.DockerAsync("run", "--rm", "--network", "none", "--entrypoint", "cat", image.Image, "/made");
            Assert.That((made.Output, made.Error), Is.EqualTo(("gVisor\n", "")));
        }
        Assert.That((await RunAsync(home, "cleanup", $"--bottle={home.Identity}")).Code, Is.Zero);
        Assert.That((await engine.DockerAsync("ps", "--all", "--quiet")).Output, Is.Empty);
    }

    private static string Configuration(string path, params string[] arguments) =>
        JsonSerializer.Serialize(new { runtimes = new { runsc = new { path, runtimeArgs = arguments } } });

    // With a small agent, whose image the engine has.
    private async Task<BottleHomeFolder> HomeAsync(string manifest)
    {
        var home = new BottleHomeFolder();
        home.WriteManifests(manifest, Looks);
        var image = new ImageCatalogue(Cake.Repository, [home.Home.Bottles]).Agent("scenario");
        if (copied.Contains(image.Tag)) return home;
        Assert.That((await Tool.RunAsync(home, ["build-images", "scenario", $"--bottle={home.Identity}", "--yes", "--setup"])).Code, Is.Zero);
        await Tool.RunAsync(home, ["cleanup", home.Identity]);
        await CopyAsync(image);
        return home;
    }

    private async Task CopyAsync(params ImageRecipe[] images)
    {
        if (images.Select(image => image.Tag).Where(copied.Add).ToList() is { Count: > 0 } missing) await engine.CopyAsync(missing);
    }

    private Task<(int Code, string Output, string Error)> StartAsync(BottleHomeFolder home, string agent) => RunAsync(home, "start", agent, "--allow-stand-in");

    private async Task<(int Code, string Output, string Error)> RunAsync(BottleHomeFolder home, params string[] words)
    {
        using var tool = Cake.Start(home, home.Home.Root, [.. engine.Inside, .. Tool.Words([.. words, "--yes"])], engine.Environment);
        var code = await tool.ExitAsync();
        TestContext.Out.WriteLine(tool.All);
        return (code, tool.Output, tool.Error);
    }
}
