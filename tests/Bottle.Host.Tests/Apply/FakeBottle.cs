using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>A running bottle without an engine: its state is on disk, its egress and its pipelocks read their files when they are told to, and say what they took, as the real ones do.</summary>
internal sealed class FakeBottle : ICommandRunner, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, FakePipelock> pipelocks = [];
    private readonly Lock gate = new();
    private int commands;
    private int lines;

    public FakeBottle(BottlePlan plan, TimeProvider? time = null)
    {
        Plan = plan;
        Home = new BottleHome(folder.Path);
        Store = new StateStore(Home, this);
        State = Store.Create(plan.Identity);
        State.Writer(null).Write(Renderer.Render(plan));
        State.Writer(null).CreateDirectory(StateLayout.SuperviseProposals);
        State.Writer(null).CreateDirectory(StateLayout.SuperviseAnswers);
        PlanStore.Write(State, plan);
        Start(plan.Pipelock!.Service);
        ReadRoutes();
        Services = new ApplyServices(Home, Store, new DockerEngine(this), time ?? TimeProvider.System)
        {
            Limits = new ApplyLimits { Turn = TimeSpan.FromSeconds(20), Confirm = TimeSpan.FromMilliseconds(300), Drain = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromMilliseconds(1), Again = TimeSpan.FromMilliseconds(20) },
        };
    }

    public BottlePlan Plan { get; }

    public BottleHome Home { get; }

    public StateStore Store { get; }

    public StateDirectory State { get; }

    public ApplyServices Services { get; }

    public OperatorDesk Desk => new(Services);

    /// <summary>The table that egress judges by.</summary>
    public RoutesFile Live { get; private set; } = new() { Generation = 0 };

    /// <summary>Why the last reload was refused; null since a good one.</summary>
    public string? ReloadError { get; private set; }

    /// <summary>Every request that egress allows at some moment and its pipelock of that moment does not.</summary>
    public List<string> Lost { get; } = [];

    public bool EgressRuns { get; set; } = true;

    /// <summary>Whether egress refuses what it reads.</summary>
    public bool EgressRefuses { get; set; }

    /// <summary>What happens when egress has refused a table; it is told once.</summary>
    public Action? WhenRefused { get; set; }

    /// <summary>Whether pipelock refuses what it reads.</summary>
    public bool PipelockRefuses { get; set; }

    /// <summary>Whether the engine cannot start another service.</summary>
    public bool UpFails { get; set; }

    /// <summary>Pipelocks through which old requests still go.</summary>
    public HashSet<string> Draining { get; } = [];

    /// <summary>The command at which the process is killed, from 1; 0 for none.</summary>
    public int KillAt { get; set; }

    /// <summary>Completes when the process was killed.</summary>
    public TaskCompletionSource Killed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Pipelocks => pipelocks.Keys;

    public IReadOnlyList<string> CommandLines => commandLines;

    private readonly List<string> commandLines = [];

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // It runs beside everything else: no step at which a process is killed, and none goes on behind it.
        if (command.Arguments is ["exec", _, "/egress", "introspect", "await", var generation, _])
            return await AwaitAsync(int.Parse(generation, CultureInfo.InvariantCulture));
        var number = Interlocked.Increment(ref commands);
        if (KillAt > 0 && number >= KillAt)
        {
            Killed.TrySetResult();
            // A killed process goes no further.
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
        await Task.Yield();
        lock (gate)
        {
            commandLines.Add(command.ToString());
            var result = Answer([.. command.Arguments]);
            Compare();
            return result;
        }
    }

    public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => throw new InvalidOperationException();

    /// <summary>The dead process is gone; the next one may work.</summary>
    public void Revive() => KillAt = 0;

    /// <summary>New containers, which read the files as they lie there.</summary>
    public void Restart(BottlePlan plan)
    {
        pipelocks.Clear();
        Start(plan.Pipelock!.Service);
        ReadRoutes();
    }

    public Proposal Ask(string id, ProposedQuestion question, string reason = "I need it")
    {
        var proposal = Proposal.Create(id, DateTimeOffset.UtcNow, question, reason);
        State.Writer(null).Write($"{StateLayout.SuperviseProposals}/{id}.json", ProposalFormat.Write(proposal));
        return proposal;
    }

    public Answer? AnswerTo(string id) => new ProposalFolder(State).FindAnswer(id);

    /// <summary>What is in force on disk, live and in the plan: one number when they agree.</summary>
    public IReadOnlySet<int> Revisions()
    {
        var plan = PlanStore.Read(State)!;
        var routes = RoutesReader.Read(File.ReadAllText(State[StateLayout.Routes])).File!;
        var wanted = Renderer.Render(plan).ToDictionary(f => f.Path, f => f.Text);
        var config = StateLayout.PipelockConfig(plan.Pipelock!.Service);
        Assert.That(File.ReadAllText(State[config]), Is.EqualTo(wanted[config]), "pipelock's file is the plan's");
        Assert.That(File.ReadAllText(State[StateLayout.Routes]), Is.EqualTo(wanted[StateLayout.Routes]), "egress's file is the plan's");
        Assert.That(File.ReadAllText(State[StateLayout.ComposeFile]), Is.EqualTo(wanted[StateLayout.ComposeFile]), "the Compose file is the plan's");
        Assert.That(pipelocks.Keys, Is.EqualTo(new[] { plan.Pipelock.Service }), "one pipelock, the plan's");
        Assert.That(pipelocks[plan.Pipelock.Service].Text, Is.EqualTo(wanted[config]), "and it took the plan's file");
        Assert.That(Directory.GetFiles(State[StateLayout.PipelockDirectory], "*.yaml"), Has.Length.EqualTo(1));
        return new HashSet<int> { plan.Revision, routes.Generation, Live.Generation };
    }

    public void Dispose()
    {
        State.Dispose();
        folder.Dispose();
    }

    /// <summary>The program in egress's container that waits for a table; it ends with its container.</summary>
    private async Task<CommandResult> AwaitAsync(int generation)
    {
        var before = ReloadError;
        for (var tries = 0; tries < 300; tries++)
        {
            lock (gate)
            {
                if (!EgressRuns)
                    return new(137, "", "");
                if (Live.Generation == generation)
                    return new(0, Health(), "");
                if (ReloadError != before)
                    return new(3, Health(), "");
            }
            await Task.Delay(1);
        }
        return new(1, "", "it did not come in time");
    }

    private CommandResult Answer(string[] words) => words switch
    {
        ["exec", var name, "/egress", "introspect", "healthz"] when name == Name("egress") => EgressRuns ? new(0, Health(), "") : new(1, "", "container is not running"),
        ["exec", var name, "/egress", "introspect", "allowlist"] when name == Name("egress") => new(0, Allowlist(), ""),
        ["kill", "--signal", "HUP", var name] => Signal(name),
        ["kill", "--signal", "KILL", var name] => new(0, name, ""),
        ["logs", "--timestamps", .. var options, var name] => Log(options, name),
        ["compose", .., "up", "--detach", "--wait", "--wait-timeout", _, "--no-build", "--quiet-pull", "--no-deps", "--no-recreate", var service] => Up(service),
        ["rm", "--force", "--volumes", var name] => Remove(name),
        ["ps", ..] => new(0, string.Join('\n', pipelocks.Keys.Append("egress").Append("supervise").Select(Row)), ""),
        ["inspect", .., "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}", var name] => new(0, name == Name("egress") && !EgressRuns ? "exited\n" : "running healthy\n", ""),
        ["logs" or "inspect", ..] => new(0, "", ""),
        _ => throw new InvalidOperationException($"no answer for: {string.Join(' ', words)}"),
    };

    private string Name(string service) => Plan.Names.Container(service);

    private string Row(string service) => JsonSerializer.Serialize(new { id = service, name = Name(service), state = "running", identity = Plan.Identity, service, home = Home.Hash });

    private string Health() => JsonSerializer.Serialize(new
    {
        status = "ok",
        generation = Live.Generation,
        pipelock = Live.Pipelock ?? "pipelock-r1",
        requests = 0,
        draining = Draining.Select(pipelock => new { generation = 1, pipelock, requests = 1 }),
        reload_error = ReloadError is null ? null : new { time = ReloadError, reason = "1:1: not what a table is" },
    });

    private string Allowlist() => JsonSerializer.Serialize(new
    {
        routes = Live.Routes.Select(route => new { host = route.Host, lease = route.Lease is { } lease ? new { id = lease.Id, state = UsedUp.Contains(lease.Id) ? "used up" : "in force" } : null }),
    });

    /// <summary>A line about an agent's request that pipelock logs while it is told to reload; null for none.</summary>
    public string? PipelockQuotes { get; set; }

    private int signalled;

    /// <summary>Leases whose uses are taken.</summary>
    public HashSet<string> UsedUp { get; } = [];

    private CommandResult Signal(string name)
    {
        if (name == Name("egress") && EgressRuns)
        {
            ReadRoutes();
            return new(0, name, "");
        }
        if (pipelocks.FirstOrDefault(p => Name(p.Key) == name) is not { Value: { } pipelock, Key: var service })
            return new(1, "", $"Error response from daemon: Container {name} is not running");
        if (PipelockQuotes is { } line && signalled++ == 0)
        {
            // The line of a request comes first, and the signal is one of those that pipelock passes over.
            pipelock.Say(Interlocked.Increment(ref lines), line);
            return new(0, name, "");
        }
        pipelock.Read(File.ReadAllText(State[StateLayout.PipelockConfig(service)]), PipelockRefuses, () => Interlocked.Increment(ref lines));
        return new(0, name, "");
    }

    private void ReadRoutes()
    {
        var read = RoutesReader.Read(File.ReadAllText(State[StateLayout.Routes]));
        if (EgressRefuses || read.File is null)
        {
            ReloadError = $"2026-01-01T00:00:00.{Interlocked.Increment(ref lines):D9}Z";
            WhenRefused?.Invoke();
            WhenRefused = null;
            return;
        }
        Live = read.File;
        ReloadError = null;
    }

    private CommandResult Log(string[] options, string name)
    {
        if (pipelocks.FirstOrDefault(p => Name(p.Key) == name) is not { Value: { } pipelock })
            return new(1, "", $"Error response from daemon: No such container: {name}");
        var log = options switch
        {
            ["--since", var since] => pipelock.Log.Where(line => string.CompareOrdinal(line.Split(' ')[0], since) >= 0),
            ["--tail", "1"] => pipelock.Log.TakeLast(1),
            _ => pipelock.Log,
        };
        return new(0, string.Join('\n', log), "");
    }

    private CommandResult Up(string service)
    {
        Assert.That(File.ReadAllText(State[StateLayout.ComposeFile]), Does.Contain($"\n  {service}:\n"), "the Compose file has the service before it is started");
        if (UpFails)
            return new(1, "", $"container {Name(service)} is unhealthy");
        Start(service);
        return new(0, "", "");
    }

    private CommandResult Remove(string name)
    {
        if (pipelocks.Keys.FirstOrDefault(service => Name(service) == name) is { } service)
            pipelocks.Remove(service);
        return new(0, name, "");
    }

    private void Start(string service) =>
        pipelocks[service] = FakePipelock.Started(File.ReadAllText(State[StateLayout.PipelockConfig(service)]), () => Interlocked.Increment(ref lines));

    /// <summary>Defence in depth without a gap: whatever egress allows now, the pipelock that it uses now allows too.</summary>
    private void Compare()
    {
        var used = Live.Pipelock is { } alias && alias != "pipelock-r1" ? alias : "pipelock";
        var text = pipelocks.GetValueOrDefault(used)?.Text ?? "";
        foreach (var route in Live.Routes.Where(route => !text.Contains($"- \"{route.Host}\"", StringComparison.Ordinal)))
            Lost.Add($"{route.Host} at generation {Live.Generation} through {used}");
    }

    private sealed class ProposalFolder(StateDirectory state)
    {
        public Answer? FindAnswer(string id) => new Bottle.Host.Supervision.ProposalFolder(state, null).FindAnswer(id);
    }

    private sealed class FakePipelock
    {
        public string Text { get; private set; } = "";

        public List<string> Log { get; } = [];

        public static FakePipelock Started(string text, Func<int> next)
        {
            var pipelock = new FakePipelock { Text = text };
            pipelock.Say(next(), """{"event":"startup"}""");
            return pipelock;
        }

        public void Read(string text, bool refuses, Func<int> next)
        {
            if (refuses && text != Text)
            {
                Say(next(), "pipelock: config reload failed: rejected: security downgrade from strict mode");
                return;
            }
            Text = text;
            Say(next(), $$"""{"event":"config_reload","status":"success","config_hash":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}}"}""");
        }

        public void Say(int number, string line) => Log.Add(string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:00:00.{number:D9}Z {line}"));
    }
}
