using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>A running bottle without an engine: its state is on disk, its egress and its pipelocks read their files when they are told to, and say what they took, as the real ones do.</summary>
internal sealed partial class FakeBottle : ICommandRunner, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, FakePipelock> pipelocks = [];
    private readonly List<string> commandLines = [];
    private readonly Lock gate = new();
    private int commands;
    private int lines;
    private int signalled;

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

    /// <summary>Whether pipelock hears nothing until it is started anew.</summary>
    public bool PipelockHangs { get; set; }

    /// <summary>Whether the agent's container runs.</summary>
    public bool AgentRuns { get; set; } = true;

    /// <summary>Whether the engine cannot start a container again.</summary>
    public bool RestartFails { get; set; }

    /// <summary>Whether the engine cannot start another service.</summary>
    public bool UpFails { get; set; }

    /// <summary>Pipelocks through which old requests still go.</summary>
    public HashSet<string> Draining { get; } = [];

    /// <summary>A line about an agent's request that pipelock logs while it is told to reload; null for none.</summary>
    public string? PipelockQuotes { get; set; }

    /// <summary>Leases whose uses are taken.</summary>
    public HashSet<string> UsedUp { get; } = [];

    /// <summary>The command at which the process is killed, from 1; 0 for none.</summary>
    public int KillAt { get; set; }

    /// <summary>Completes when the process was killed.</summary>
    public TaskCompletionSource Killed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Pipelocks => pipelocks.Keys;

    public IReadOnlyList<string> CommandLines => commandLines;

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

    public Answer? AnswerTo(string id) => new ProposalFolder(State, null).FindAnswer(id);

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

    /// <summary>Defence in depth without a gap: whatever egress allows now, the pipelock that it uses now allows too.</summary>
    private void Compare()
    {
        var used = Live.Pipelock is { } alias && alias != "pipelock-r1" ? alias : "pipelock";
        var text = pipelocks.GetValueOrDefault(used)?.Text ?? "";
        foreach (var route in Live.Routes.Where(route => !text.Contains($"- \"{route.Host}\"", StringComparison.Ordinal)))
            Lost.Add($"{route.Host} at generation {Live.Generation} through {used}");
    }
}
