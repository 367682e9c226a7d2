using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Scenarios.Apply;

/// <summary>One running bottle whose agent may ask, and the operator's side of it: by the commands that people type, and by the code behind them.</summary>
internal sealed partial class ApplyBottle : IDisposable
{
    private const string Manifest = """
        provider: none
        supervise: true
        egress:
          routes:
            - {host: kept.demo.test, methods: [GET], path_allowlist: [/v1/*]}
        test_upstreams:
          - {host: kept.demo.test, image: bottle-demo-upstream}
          - {host: asked.demo.test, image: bottle-demo-upstream}
        """;

    private readonly BottleHomeFolder home = new();

    private ApplyBottle() { }

    /// <summary>Of every change that a test makes without a proposal.</summary>
    internal static ChangeOrigin Origin => new() { Event = "edited", Actor = "operator:test", Question = "a test" };

    internal string Identity { get; private set; } = "";

    internal BottleHome Home => home.Home;

    internal BottleHomeFolder Folder => home;

    internal StateStore Store => new(home.Home, new CommandRunner());

    internal StateDirectory State => Store.Open(Identity)!;

    internal ApplyServices Services => ServicesWith(new CommandRunner(), EngineSocket.FromEnvironment());

    internal static async Task<ApplyBottle> StartAsync()
    {
        var bottle = new ApplyBottle();
        try
        {
            bottle.home.WriteManifests(Manifest, "[sh, -c, 'until [ -e /tmp/over ]; do sleep 1; done']");
            var (code, output) = await bottle.CakeAsync("--target=Prove", "--agent=scenario", "--yes", "--setup");
            Assert.That(code, Is.Zero, output);
            bottle.Identity = IdentityInOutput().Match(output).Value;
            return bottle;
        }
        catch (Exception)
        {
            bottle.Dispose();
            throw;
        }
    }

    internal async Task<IReadOnlyList<string>> StopAsync()
    {
        await CakeAsync("--target=Cleanup", $"--bottle={Identity}");
        return await home.LeftAsync();
    }

    public void Dispose() => home.Dispose();

    internal ApplyServices ServicesWith(ICommandRunner runner, EngineSocket? socket = null) => new(home.Home, new StateStore(home.Home, runner), new DockerEngine(runner, socket), TimeProvider.System)
    {
        // Whatever the machine has to do besides.
        Limits = new ApplyLimits { Confirm = TimeSpan.FromMinutes(1), Turn = TimeSpan.FromMinutes(5) },
    };

    internal string Container(string service) => new BottleNames(Identity).Container(service);

    /// <summary>Door 1; both outputs together.</summary>
    internal async Task<(int Code, string Said)> CakeAsync(params string[] arguments)
    {
        var (code, output, error) = await Cake.RunAsync(home, arguments);
        return (code, output + error);
    }

    /// <summary>Door 1, left running.</summary>
    internal Cake Begin(params string[] arguments) => Cake.Start(home, arguments);

    /// <summary>Ends a container's process from outside, which the engine does not take for the operator's wish: it starts it again.</summary>
    internal static async Task KillAsync(string container)
    {
        var runner = new CommandRunner();
        var process = (await runner.RunCheckedAsync(new Command("docker", "inspect", "--format", "{{.State.Pid}}", container))).Output.Trim();
        await runner.RunCheckedAsync(new Command("kill", "-s", "KILL", process));
    }

    /// <summary>A container's process goes no further, and answers nobody. The first one is the engine's init, which passes signals on; the next is the sidecar.</summary>
    internal static async Task HangAsync(string container)
    {
        var runner = new CommandRunner();
        var processes = (await runner.RunCheckedAsync(new Command("docker", "top", container, "-o", "pid"))).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await runner.RunCheckedAsync(new Command("kill", "-s", "STOP", processes[2]));
    }

    /// <summary>A script in the agent; both outputs together.</summary>
    internal async Task<(int Code, string Said)> AgentAsync(string script, int minutes = 5)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        var result = await BottleHomeFolder.Engine.ExecAsync(Container("agent"), ["bash", "-c", script], cancellationToken: patience.Token);
        return (result.ExitCode, result.Output + result.Error);
    }

    /// <summary>The status of a request of the agent's, through the proxy that its environment names.</summary>
    internal async Task<string> StatusAsync(string url) => (await AgentAsync($"curl -sS -o /dev/null -w '%{{http_code}}' --max-time 30 '{url}'")).Said;

    /// <summary>The agent asks and waits; the answer is what its client reads. A supervise that was killed is waited for: until it runs again its name is unknown.</summary>
    internal async Task<string> AskAsync(string tool, object arguments)
    {
        var call = JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } });
        var (_, said) = await AgentAsync($"for try in $(seq 300); do curl -s -o /dev/null --max-time 5 http://supervise:9100/mcp && break; sleep 0.1; done; curl -sS --max-time 240 -H 'Accept: application/json, text/event-stream' -H 'Content-Type: application/json' -d '{call.Replace("'", "\\u0027", StringComparison.Ordinal)}' http://supervise:9100/mcp");
        return said;
    }

    /// <summary>Waits until the agent has asked for something that holds this text.</summary>
    internal async Task<ProposalView> SeeAsync(string part)
    {
        var desk = new OperatorDesk(Services);
        for (var tries = 0; ; tries++)
        {
            if ((await desk.LookAsync(State)).Proposals.FirstOrDefault(view => view.Answer is null && view.Proposal.Diff.Contains(part, StringComparison.Ordinal)) is { } view) return view;
            if (tries == 300) Assert.Fail($"nobody asked for {part}");
            await Task.Delay(100);
        }
    }

    /// <summary>Egress's own account.</summary>
    internal async Task<JsonElement> IntrospectAsync(string what) =>
        JsonElement.Parse((await BottleHomeFolder.Engine.ExecAsync(Container("egress"), ["/egress", "introspect", what])).Output);

    /// <summary>One change by the code behind the commands, with another runner where something shall happen meanwhile.</summary>
    internal async Task<ApplyOutcome> ChangeAsync(PolicyChange change, ICommandRunner? runner = null, ApplyLimits? limits = null)
    {
        var services = runner is null ? Services : ServicesWith(runner);
        using var session = await ApplySession.OpenAsync(limits is null ? services : services with { Limits = limits }, Identity);
        return await session.ApplyAsync(session.Prepare(change), Origin);
    }

    /// <summary>One revision is in force, on disk and in egress; returns it.</summary>
    internal async Task<int> RevisionAsync()
    {
        for (var tries = 0; ; tries++)
        {
            var plan = PlanStore.Read(State)!;
            var result = await BottleHomeFolder.Engine.ExecAsync(Container("egress"), ["/egress", "introspect", "healthz"]);
            if (result.Succeeded && JsonElement.Parse(result.Output) is var health && health.GetProperty("generation").GetInt32() == plan.Revision && health.GetProperty("pipelock").GetString() == plan.Pipelock!.Alias
                && !ApplySession.IsPending(State)) return plan.Revision;
            if (tries == 200) Assert.Fail($"plan r{plan.Revision}, egress says: {result.Output}{result.Error}");
            await Task.Delay(100);
        }
    }

    [GeneratedRegex("scenario-[0-9a-z]{5}")]
    private static partial Regex IdentityInOutput();
}
