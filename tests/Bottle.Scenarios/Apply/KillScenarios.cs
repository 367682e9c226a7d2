using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.State;

namespace Bottle.Scenarios.Apply;

/// <summary>What is killed while a change is applied, with the real engine: the old revision or the new one is in force afterwards, on disk and live, never half of each (K3, K4).</summary>
[RequiresEngine]
[NonParallelizable]
internal sealed class KillScenarios
{
    private ApplyBottle bottle = null!;

    [OneTimeSetUp]
    public async Task Start() => bottle = await ApplyBottle.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        try
        {
            Assert.That(await bottle.StopAsync(), Is.Empty, "nothing is left, a replaced pipelock neither");
        }
        finally
        {
            bottle.Dispose();
        }
    }

    /// <summary>What a failed test left is finished, so that it fails alone.</summary>
    [SetUp]
    public async Task Recover()
    {
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Identity);
    }

    [TestCase("egress", 3)]
    [TestCase("egress", 4)]
    [TestCase("egress", 5)]
    [TestCase("egress", 6)]
    [TestCase("pipelock", 3)]
    [TestCase("pipelock", 4)]
    [TestCase("pipelock", 5)]
    [TestCase("pipelock", 6)]
    [TestCase("supervise", 3)]
    [TestCase("supervise", 5)]
    public async Task A_sidecar_killed_in_the_middle_leaves_the_old_revision_or_the_new_one(string service, int command)
    {
        var before = await bottle.RevisionAsync();
        var victim = Victim(service);
        var runner = FaultyRunner.At(command, () => ApplyBottle.KillAsync(victim));
        var host = $"k{command}{service[0]}.demo.test";
        var outcome = "applied";
        try
        {
            await bottle.ChangeAsync(Adding(host), runner);
        }
        catch (BottleException e)
        {
            outcome = e.Diagnostics[0].Code;
        }
        await TestContext.Out.WriteLineAsync($"{service} killed before command {command} (reached: {runner.Happened}): {outcome}");
        Assert.That(runner.Happened);
        using (await ApplySession.OpenAsync(bottle.Services, bottle.Identity)) { }
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(outcome == "applied" ? before + 1 : before));
        Assert.That((await bottle.IntrospectAsync("allowlist")).ToString().Contains(host, StringComparison.Ordinal), Is.EqualTo(outcome == "applied"));
        await AnswersAsync("https://kept.demo.test/v1/hello");
    }

    [TestCase("egress")]
    [TestCase("pipelock")]
    public async Task A_sidecar_that_hangs_is_started_anew_with_the_old_revision_and_the_next_change_is_applied(string service)
    {
        var before = await bottle.RevisionAsync();
        var victim = Victim(service);
        var change = Adding($"h{service[0]}.demo.test");
        var failure = await Assert.ThrowsAsync<BottleException>(() => bottle.ChangeAsync(change,
            new FaultyRunner(command => command.Arguments.Contains("HUP"), () => ApplyBottle.HangAsync(victim)), new ApplyLimits { Confirm = TimeSpan.FromSeconds(10), Turn = TimeSpan.FromMinutes(5) }));
        Assert.That(failure!.Diagnostics[0].Code, Is.EqualTo("BTL7202"), failure.Diagnostics[0].Why);
        Assert.That(failure.Diagnostics[0].Why, Does.Contain($"{service} did not confirm revision {before} either, and was started anew"));
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before));
        await AnswersAsync("https://kept.demo.test/v1/hello");
        await bottle.ChangeAsync(change);
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before + 1));
        Assert.That(AuditCheck.Run(bottle.Home, bottle.Identity).SelectMany(r => r.Verdict.Problems), Is.Empty);
    }

    [TestCase("apply.json")]
    [TestCase("routes.yaml")]
    public async Task The_operators_command_killed_in_the_middle_is_finished_by_the_next_one(string moment)
    {
        var before = await bottle.RevisionAsync();
        var path = $"/v1/{moment.Replace(".", "-", StringComparison.Ordinal)}";
        var call = bottle.AskAsync("egress-block", new { url = $"https://asked.demo.test{path}", reason = "to be killed" });
        var seen = await bottle.SeeAsync(path);
        using (var cake = bottle.Begin("--target=Approve", $"--bottle={bottle.Identity}", $"--proposal={seen.Proposal.Id}", $"--diff={seen.Change!.ShortHash}"))
        {
            for (var tries = 0; !Reached(moment, seen.Change.To.Revision) && tries < 60_000; tries++) await Task.Delay(1);
            cake.KillGroup();
            await cake.ExitAsync();
        }
        var (code, said) = await bottle.CakeAsync("--target=Proposals", $"--bottle={bottle.Identity}");
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("a command was ended while it applied a change"));
        var revision = await bottle.RevisionAsync();
        await TestContext.Out.WriteLineAsync($"killed at {moment}: revision {before} → {revision}\n{said}");
        var answer = await call;
        Assert.That(answer, Does.Contain(revision == before ? "\"status\":\"failed\"" : "\"status\":\"applied\""));
        Assert.That(await bottle.StatusAsync($"https://asked.demo.test{path}"), Is.EqualTo(revision == before ? "403" : "200"));
        Assert.That(AuditCheck.Run(bottle.Home, bottle.Identity).SelectMany(r => r.Verdict.Problems), Is.Empty);
    }

    [TestCase(PipelockChange.ReloadFirst)]
    [TestCase(PipelockChange.Replace)]
    public async Task The_operators_process_killed_before_any_of_its_commands_is_finished_by_the_next_one(PipelockChange kind)
    {
        var ends = new List<string>();
        for (var step = 1; ; step++)
        {
            var before = await bottle.RevisionAsync();
            var runner = new StoppingRunner(step);
            var session = await ApplySession.OpenAsync(bottle.Services, bottle.Identity);
            var change = session.Prepare(ChangeOf(kind, session.Plan, step));
            Assert.That(change.Pipelock, Is.EqualTo(kind));
            session.Dispose();
            session = await ApplySession.OpenAsync(bottle.ServicesWith(runner), bottle.Identity);
            var applying = Task.Run(() => session.ApplyAsync(session.Prepare(ChangeOf(kind, session.Plan, step)), ApplyBottle.Origin));
            var first = await Task.WhenAny(applying, runner.Stopped.Task);
            // Its death frees its lock.
            session.Dispose();
            if (first == applying)
            {
                await applying;
                break;
            }
            using (var next = await ApplySession.OpenAsync(bottle.Services, bottle.Identity))
                ends.Add(next.Recovered switch { null => "nothing", { Completed: true } => "new", _ => "old" });
            Assert.That(await bottle.RevisionAsync(), Is.EqualTo(ends[^1] == "new" ? before + 1 : before), $"command {step}");
            Assert.That((await PipelocksAsync()).Count(), Is.EqualTo(1), $"command {step}: one pipelock");
        }
        await TestContext.Out.WriteLineAsync($"{kind}: {string.Join(' ', ends)}");
        Assert.That(ends, Does.Contain("old"));
        if (kind == PipelockChange.Replace) Assert.That(ends, Does.Contain("new"), "after the plan was exchanged, too");
        Assert.That(AuditCheck.Run(bottle.Home, bottle.Identity).SelectMany(r => r.Verdict.Problems), Is.Empty);
        await AnswersAsync("https://kept.demo.test/v1/hello");
    }

    /// <summary>With a bottle of its own, because it ends it.</summary>
    [Test]
    public async Task A_run_that_is_resumed_with_a_change_half_made_runs_by_its_new_plan()
    {
        using var ended = await ApplyBottle.StartAsync();
        var runner = new StoppingRunner(4);
        var session = await ApplySession.OpenAsync(ended.ServicesWith(runner), ended.Identity);
        var applying = Task.Run(() => session.ApplyAsync(session.Prepare(Adding("half.demo.test")), ApplyBottle.Origin));
        Assert.That(await Task.WhenAny(applying, runner.Stopped.Task), Is.SameAs(runner.Stopped.Task));
        session.Dispose();
        Assert.That(ApplySession.IsPending(ended.State));
        var log = AuditLog.RunFile(ended.Home, ended.Identity);
        var recorded = File.ReadAllLines(log).Length;
        using (var cake = ended.Begin("--target=Resume", $"--bottle={ended.Identity}", "--yes", "--setup"))
        {
            // What is beside the agent finds it, before anybody gives a command.
            for (var tries = 0; File.ReadAllLines(log).Length == recorded && tries < 3000; tries++) await Task.Delay(100);
            Assert.That(File.ReadAllLines(log)[^1], Does.Contain("\"failed\"").And.Contain("the command that applied it was ended"));
            await ended.RevisionAsync();
            Assert.That(await ended.StatusAsync("https://kept.demo.test/v1/hello"), Is.EqualTo("200"));
            await ended.AgentAsync("touch /tmp/over");
            Assert.That(await cake.ExitAsync(), Is.Zero, cake.All);
        }
        Assert.That(await ended.Folder.LeftAsync(), Is.Empty);
        Assert.That(AuditCheck.Run(ended.Home, ended.Identity).SelectMany(r => r.Verdict.Problems), Is.Empty);
    }

    private static PolicyChange.Add Adding(string host) => new(new Route { Host = host, PathAllowlist = ["/x"] });

    private string Victim(string service) => bottle.Container(service == "pipelock" ? PlanStore.Read(bottle.State)!.Pipelock!.Service : service);

    /// <summary>A change that makes pipelock take a new host, or that no reload can make: a host's bodies are read or not, by turns.</summary>
    private static PolicyChange ChangeOf(PipelockChange kind, BottlePlan plan, int step) => kind == PipelockChange.ReloadFirst
        ? Adding($"s{plan.Revision}-{step}.demo.test")
        : new PolicyChange.Table([.. plan.Egress!.Routes, new Route { Host = $"p{plan.Revision}-{step}.demo.test", PathAllowlist = ["/x"], Inspect = false }], null);

    private async Task<IEnumerable<string>> PipelocksAsync() =>
        (await BottleHomeFolder.Engine.ContainersAsync(bottle.Home.Hash, bottle.Identity)).Select(c => c.Service).Where(s => s.StartsWith("pipelock", StringComparison.Ordinal));

    private bool Reached(string moment, int revision) => moment == "apply.json"
        ? ApplySession.IsPending(bottle.State)
        : File.ReadAllText(bottle.State[StateLayout.Routes]).Contains($"generation: {revision}\n", StringComparison.Ordinal);

    private async Task AnswersAsync(string url)
    {
        for (var tries = 0; await bottle.StatusAsync(url) != "200"; tries++)
        {
            if (tries == 100) Assert.Fail($"{url} never came back");
            await Task.Delay(200);
        }
    }
}
