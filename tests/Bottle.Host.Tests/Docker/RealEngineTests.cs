using System.Net;
using System.Security.Cryptography;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

/// <summary>Real containers of this test's own home: everything carries its hash and is removed.</summary>
[RequiresEngine]
[CancelAfter(120_000)]
public sealed class RealEngineTests : IDisposable
{
    private readonly CommandRunner runner = new();
    private readonly string identity = $"hosttest-{RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 5)}";
    private readonly TemporaryFolder folder = new();
    private TestImage image = null!;
    private BottleHome home = null!;
    private DockerEngine engine = null!;
    private StateStore store = null!;
    private BottleNames names = null!;
    // Tests of other runs may use the range at the same time: the retry on an overlap is a test of its own.
    private readonly string subnet = $"10.212.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(16) * 16}/28";

    [OneTimeSetUp]
    public async Task MakeImage()
    {
        home = new BottleHome(folder.Path);
        engine = new DockerEngine(runner);
        store = new StateStore(home, runner);
        names = new BottleNames(identity);
        image = await TestImage.CreateAsync(runner);
    }

    [OneTimeTearDown]
    public async Task RemoveImage() => await image.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [TearDown]
    public async Task RemoveRun()
    {
        await new Reaper(home, store, engine).ReapAsync(identity, removeState: true);
        Assert.That(await engine.ContainersAsync(home.Hash), Is.Empty);
        Assert.That(await engine.NetworksAsync(home.Hash), Is.Empty);
        Assert.That(store.ListIdentities(), Is.Empty);
    }

    private string Service(string name, string command, string more = "") => $$"""
          {{name}}:
            image: {{image.Reference}}
            container_name: {{names.Container(name)}}
            command: {{command}}
            init: true
            pull_policy: never
            networks: [internal]
            labels: {bottle.identity: {{identity}}, bottle.home: "{{home.Hash}}", bottle.service: {{name}}}
            {{more}}

        """;

    private string Networks => $$"""
        networks:
          internal:
            internal: true
            driver_opts: {com.docker.network.bridge.inhibit_ipv4: "true"}
            ipam: {config: [{subnet: {{subnet}}}]}
            labels: {bottle.identity: {{identity}}, bottle.home: "{{home.Hash}}"}

        """;

    private ComposeProject Write(StateDirectory state, params string[] services)
    {
        state.Writer(null).Write(StateLayout.ComposeFile, $"name: {names.Project}\nservices:\n{string.Concat(services)}{Networks}");
        return new ComposeProject(engine, state.Path, names.Project, home.Hash);
    }

    [Test]
    public async Task A_probe_describes_this_engine(CancellationToken cancellation)
    {
        var info = (await engine.ProbeAsync(cancellation)).Require();
        Assert.That(info.Runtimes, Does.Contain("runc"));
        Assert.That(info.ComposeVersion, Does.Match("^[0-9]+\\.[0-9]+"));
    }

    [Test]
    public async Task The_engines_own_socket_says_what_the_docker_client_says(CancellationToken cancellation)
    {
        if (EngineSocket.FromEnvironment() is not { } socket)
        {
            Assert.Ignore("the docker client uses no local socket here");
            return;
        }
        using var state = store.Create(identity);
        var project = Write(state, Service("egress", """["sh", "-c", "trap 'echo again; echo aside >&2' HUP; echo up; while :; do sleep 0.1; done"]""", "restart: on-failure\n    stop_signal: SIGTERM\n    healthcheck: {test: [CMD, cat, /bin/sh], interval: 1s}"));
        Assert.That((await project.UpAsync(new Dictionary<string, string>(), cancellationToken: cancellation)).Succeeded);
        var (container, nobody) = (names.Container("egress"), names.Container("nobody"));
        Assert.That(await socket.IsHealthyAsync(container, cancellation), Is.True);
        Assert.That(await socket.IsHealthyAsync(nobody, cancellation), Is.False);
        var mark = (await socket.LogLinesAsync(container, since: null, tail: 1, cancellation))!.Single();
        Assert.That(mark, Does.EndWith(" up"));

        Assert.That(await socket.SignalAsync(container, "HUP", cancellation), Is.True);
        Assert.That(await socket.SignalAsync(nobody, "HUP", cancellation), Is.False);
        while ((await engine.LogLinesAsync(container, mark.Split(' ')[0], tail: null, cancellation)).Count < 3) await Task.Delay(50, cancellation);
        Assert.That(await socket.LogLinesAsync(container, mark.Split(' ')[0], tail: null, cancellation), Is.EqualTo(await engine.LogLinesAsync(container, mark.Split(' ')[0], tail: null, cancellation)));
        Assert.That(await socket.LogLinesAsync(nobody, since: null, tail: 1, cancellation), Is.Empty);

        Assert.That(await socket.ExecAsync(container, ["sh", "-c", "echo \"$1\"; echo aside >&2; exit 3", "sh", "a \"word\" \\ ü\n$HOME"], cancellation), Is.EqualTo((3, "a \"word\" \\ ü\n$HOME\n", "aside\n")));
        Assert.That(await socket.ExecAsync(nobody, ["true"], cancellation), Is.Null, "the docker client has the words");
        await new DockerEngine(runner, socket).SignalAsync(container, "KILL", cancellation);
        while (await socket.IsHealthyAsync(container, cancellation) is not false) await Task.Delay(50, cancellation);
        Assert.That(await socket.SignalAsync(container, "HUP", cancellation), Is.False, "it does not run");
        // The engine starts again what fails by itself, at once and then in growing pauses.
        await Task.Delay(2000, cancellation);
        Assert.That(await engine.RunningAsync(home.Hash, identity, cancellation), Is.Empty, "who was killed by the operator's side stays so");
    }

    [Test]
    public async Task A_run_starts_is_worked_in_and_leaves_nothing(CancellationToken cancellation)
    {
        using var state = store.Create(identity);
        var project = Write(state,
            Service("egress", "[sh, -c, 'echo egress is up; sleep 1000']", "healthcheck: {test: [CMD, cat, /bin/sh], interval: 1s}"),
            Service("agent", "[sh, -c, 'echo agent is up; exec sleep infinity']", "environment: [API_KEY]\n    depends_on: {egress: {condition: service_healthy}}"));
        var lines = new List<string>();
        var outcome = await project.UpAsync(new Dictionary<string, string> { ["API_KEY"] = "v4lue" }, lines.Add, cancellationToken: cancellation);
        Assert.That(outcome.Succeeded, outcome.Diagnostic?.Why);
        Assert.That(lines, Has.Some.Contains("Started").And.None.Contains("v4lue"));

        var containers = await engine.ContainersAsync(home.Hash, identity, cancellation);
        Assert.That(containers.Select(c => (c.Service, c.State)), Is.EquivalentTo(new[] { ("agent", "running"), ("egress", "running") }));
        Assert.That(await engine.ContainersAsync(home.Hash, "other-00000", cancellation), Is.Empty);
        Assert.That(await engine.ContainersAsync(new BottleHome("/srv/another").Hash, cancellationToken: cancellation), Is.Empty);
        Assert.That(await engine.NetworkSubnetsAsync(cancellation), Does.Contain(IPNetwork.Parse(subnet)));
        var addresses = await engine.AddressesAsync(names.Container("agent"), cancellation);
        Assert.That(IPNetwork.Parse(subnet).Contains(addresses[$"{names.Project}_internal"]));

        var env = await engine.ExecAsync(names.Container("agent"), ["sh", "-c", "echo $API_KEY $NONCE; cat; id -u; exit 3"], "1000:1000", new Dictionary<string, string> { ["NONCE"] = "n0nce" }, "input\n"u8.ToArray(), cancellationToken: cancellation);
        Assert.That((env.ExitCode, env.Output), Is.EqualTo((3, "v4lue n0nce\ninput\n1000\n")));
        Assert.That(await engine.AttachExecAsync(names.Container("agent"), ["sh", "-c", "exit $CODE"], tty: false, new Dictionary<string, string?> { ["CODE"] = "7" }, cancellationToken: cancellation), Is.EqualTo(7));

        using var log = new StringWriter();
        await project.LogsAsync(log, cancellation);
        Assert.That(log.ToString(), Does.Match("(?s)^2[-0-9T:.]+Z egress \\| egress is up.*Z agent  \\| agent is up"));

        File.Delete(state[StateLayout.ComposeFile]);
        await project.DownAsync(cancellationToken: cancellation);
        Assert.That(await engine.ContainersAsync(home.Hash, cancellationToken: cancellation), Is.Empty);
        Assert.That(await engine.NetworksAsync(home.Hash, cancellationToken: cancellation), Is.Empty);
    }

    [Test]
    public async Task What_goes_wrong_in_up_is_told_apart(CancellationToken cancellation)
    {
        using var state = store.Create(identity);
        async Task<ComposeOutcome> Up(params string[] services)
        {
            var project = Write(state, services);
            var outcome = await project.UpAsync(new Dictionary<string, string>(), cancellationToken: cancellation);
            await project.DownAsync(cancellationToken: cancellation);
            return outcome;
        }
        var missing = await Up(Service("agent", "[sh]").Replace(image.Reference, "bottle-host-test:absent", StringComparison.Ordinal));
        Assert.That((missing.Failure, missing.Subject), Is.EqualTo((ComposeFailure.ImageMissing, "bottle-host-test:absent")));

        var dead = await Up(Service("agent", "[sh, -c, 'echo last words; exit 3']"));
        Assert.That((dead.Failure, dead.Subject), Is.EqualTo((ComposeFailure.ServiceExited, names.Container("agent"))));
        Assert.That(dead.Diagnostic!.Why, Does.Contain("last words"));

        var sick = await Up(Service("agent", "[sleep, infinity]", "healthcheck: {test: [CMD, sh, -c, 'echo feeling ill; exit 1'], interval: 1s, retries: 1}"));
        Assert.That((sick.Failure, sick.Subject), Is.EqualTo((ComposeFailure.ServiceUnhealthy, names.Container("agent"))));
        Assert.That(sick.Diagnostic!.Why, Does.Contain("health check: feeling ill"));

        var blocker = $"{names.Project}-blocker";
        await runner.RunCheckedAsync(new Command("docker", "network", "create", "--label", $"bottle.home={home.Hash}", "--label", $"bottle.identity={identity}", "--subnet", subnet, blocker), cancellation);
        var overlap = await Up(Service("agent", "[sleep, infinity]"));
        Assert.That(overlap.Failure, Is.EqualTo(ComposeFailure.PoolOverlaps));
    }

    [Test]
    public async Task Proxies_of_the_docker_client_do_not_enter_a_bottle(CancellationToken cancellation)
    {
        var client = Directory.CreateDirectory(Path.Combine(folder.Path, "client")).FullName;
        await File.WriteAllTextAsync(Path.Combine(client, "config.json"), """{"proxies":{"default":{"httpProxy":"http://user:c4nary@proxy.test:3128","noProxy":"x"}},"auths":{"r.test":{"auth":"c4nary"}}}""", cancellation);
        using var state = store.Create(identity);
        Write(state, Service("agent", "[sleep, infinity]"));
        var project = new ComposeProject(engine, state.Path, names.Project, home.Hash) { ClientConfigurationFolder = client };
        var outcome = await project.UpAsync(new Dictionary<string, string>(), cancellationToken: cancellation);
        Assert.That(outcome.Succeeded, outcome.Diagnostic?.Why);
        var container = await runner.RunCheckedAsync(new Command("docker", "inspect", names.Container("agent")), cancellation);
        Assert.That(container.Output, Does.Not.Contain("c4nary").And.Not.Contain("NO_PROXY"));
        Assert.That(File.ReadAllText(state["docker-client/config.json"]), Is.EqualTo("{}"));
    }

    [Test]
    public async Task A_start_that_is_cancelled_leaves_nothing_after_down(CancellationToken cancellation)
    {
        using var state = store.Create(identity);
        var project = Write(state, Service("agent", "[sleep, infinity]", "healthcheck: {test: [CMD, sh, -c, 'exit 1'], interval: 1s, retries: 100}"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Assert.ThrowsAsync<CommandCanceledException>(() => project.UpAsync(new Dictionary<string, string>(), line =>
        {
            if (line.EndsWith("Waiting", StringComparison.Ordinal))
                cancel.Cancel();
        }, cancellationToken: cancel.Token));
        Assert.That(await engine.ContainersAsync(home.Hash, identity, cancellation), Is.Not.Empty);
        await project.DownAsync(cancellationToken: cancellation);
        Assert.That(await engine.ContainersAsync(home.Hash, identity, cancellation), Is.Empty);
    }

    [Test]
    public async Task What_a_killed_run_left_is_found_and_reaped(CancellationToken cancellation)
    {
        using (var state = store.Create(identity))
            Assert.That((await Write(state, Service("agent", "[sleep, infinity]")).UpAsync(new Dictionary<string, string>(), cancellationToken: cancellation)).Succeeded);
        var reaper = new Reaper(home, store, engine);
        Assert.That(await reaper.FindAsync(cancellation), Is.EqualTo(new[] { new Leftover { Identity = identity, HasState = true, EngineObjects = 2 } }));
        var stranger = new BottleHome(Path.Combine(folder.Path, "stranger"));
        Assert.That(await new Reaper(stranger, new StateStore(stranger, runner), engine).FindAsync(cancellation), Is.Empty, "another home sees nothing");
        Assert.That(await reaper.ReapLeftoversAsync(cancellationToken: cancellation), Is.EqualTo(new[] { identity }));
        Assert.That(await engine.ContainersAsync(home.Hash, cancellationToken: cancellation), Is.Empty);
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { identity }), "the state stays resumable");
    }

    [Test]
    public async Task Objects_that_Compose_does_not_know_are_reaped_by_their_labels(CancellationToken cancellation)
    {
        string[] labels = ["--label", $"bottle.home={home.Hash}", "--label", $"bottle.identity={identity}"];
        await runner.RunCheckedAsync(new Command("docker", ["network", "create", "--internal", "--subnet", subnet, .. labels, names.Project + "-extra"]), cancellation);
        await runner.RunCheckedAsync(new Command("docker", ["run", "--detach", "--init", "--network", names.Project + "-extra", "--name", names.Project + "-extra", .. labels, image.Reference, "sleep", "infinity"]), cancellation);
        await runner.RunCheckedAsync(new Command("docker", "commit", "--change", $"LABEL bottle.home={home.Hash} bottle.identity={identity}", names.Project + "-extra", names.Project + ":run"), cancellation);
        var reaper = new Reaper(home, store, engine);
        Assert.That(await reaper.FindAsync(cancellation), Is.EqualTo(new[] { new Leftover { Identity = identity, EngineObjects = 3 } }));
        await reaper.ReapAsync(identity, removeState: true, cancellationToken: cancellation);
        Assert.That(await reaper.FindAsync(cancellation), Is.Empty);
        Assert.That(await engine.ImageExistsAsync(names.Project + ":run", cancellation), Is.False);
        Assert.That(await engine.ImageExistsAsync(image.Reference, cancellation), "images of no run stay");
    }

    [Test]
    public async Task Images_are_listed_by_label(CancellationToken cancellation)
    {
        var images = await engine.ImagesAsync(["bottle.image=host-test"], cancellation);
        Assert.That(images.SelectMany(i => i.Tags), Does.Contain(image.Reference));
    }
}
