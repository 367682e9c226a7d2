using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>The operator's command is killed at each of its steps: the next command finds the old revision or the new one, whole, and says which (K3, K4).</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class KilledApplyTests
{
    private const string Id = "egress-block-1";

    private static IEnumerable<PipelockChange> Kinds => ApplyTests.Kinds;

    [TestCaseSource(nameof(Kinds))]
    public async Task Killed_at_any_command_it_leaves_the_old_revision_or_the_new_one(PipelockChange kind)
    {
        var ends = new List<string>();
        for (var step = 1; ; step++)
        {
            using var bottle = ApplyTests.Bottle();
            if (await RunAsync(bottle, kind, () => bottle.KillAt = step, bottle.Killed.Task)) break;
            bottle.Revive();
            ends.Add(await RecoverAsync(bottle, $"command {step}"));
        }
        TestContext.Out.WriteLine($"{kind}: {string.Join(" ", ends)}");
        Assert.That(ends, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(ends, Has.Some.EqualTo("old"));
    }

    [Test]
    public async Task A_pipelock_that_may_not_go_back_while_it_runs_is_started_anew([Values(PipelockChange.ReloadFirst, PipelockChange.ReloadLast)] PipelockChange kind)
    {
        var restarts = 0;
        for (var step = 1; ; step++)
        {
            using var bottle = ApplyTests.Bottle();
            if (await RunAsync(bottle, kind, () => bottle.KillAt = step, bottle.Killed.Task)) break;
            bottle.Revive();
            bottle.PipelockRefuses = true;
            await RecoverAsync(bottle, $"command {step}");
            restarts += bottle.CommandLines.Count(line => line.StartsWith("docker restart ", StringComparison.Ordinal));
        }
        Assert.That(restarts, Is.Positive);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Killed_before_any_record_it_leaves_the_old_revision_or_the_new_one(PipelockChange kind)
    {
        var ends = new List<string>();
        for (var step = 1; ; step++)
        {
            var time = new StoppingTime();
            using var bottle = ApplyTests.Bottle(time);
            var finished = await RunAsync(bottle, kind, () => time.StopAt = step, time.Stopped.Task);
            if (!finished)
            {
                // The dead process holds the audit log's lock, too.
                time.StopAt = 0;
                time.Let();
                ends.Add(await RecoverAsync(bottle, $"record {step}"));
            }
            else
            {
                break;
            }
        }
        TestContext.Out.WriteLine($"{kind}: {string.Join(" ", ends)}");
        Assert.That(ends, Is.EqualTo(new[] { "old", "new" }), "before the decision is recorded, and before the change is");
    }

    [Test]
    public async Task A_run_that_was_started_anew_keeps_its_new_files()
    {
        using var bottle = ApplyTests.Bottle();
        var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var change = session.Prepare(ApplyTests.Change(PipelockChange.ReloadFirst));
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://asked.example.com/"));
        // The first two are the look before anything begins.
        bottle.KillAt = bottle.CommandLines.Count + 3;
        var applying = Task.Run(() => session.ApplyAsync(change, ApplyTests.Origin() with { ProposalId = Id }));
        await bottle.Killed.Task;
        session.Dispose();
        bottle.Revive();

        var anew = bottle.Plan with { Egress = bottle.Plan.Egress! with { Routes = [ApplyTests.Route("kept.example.com", "/only/this")] } };
        PlanStore.Write(bottle.State, anew);
        bottle.State.Writer(null).Write(Renderer.Render(anew));
        bottle.Restart(anew);
        using var next = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        Assert.That(next.Recovered?.Completed, Is.False);
        Assert.That(File.ReadAllText(bottle.State[StateLayout.Routes]), Does.Contain("/only/this").And.Not.Contain("leased.example.com"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(bottle.AnswerTo(Id)?.Decision, Is.EqualTo(AnswerDecision.Failed));
        Assert.That(ApplySession.IsPending(bottle.State), Is.False);
        Assert.That(applying.IsCompleted, Is.False);
    }

    /// <summary>Applies until the end (true) or until it is killed.</summary>
    private static async Task<bool> RunAsync(FakeBottle bottle, PipelockChange kind, Action arm, Task killed)
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://asked.example.com/"));
        var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var change = session.Prepare(ApplyTests.Change(kind));
        arm();
        var applying = Task.Run(() => session.ApplyAsync(change, ApplyTests.Origin() with { ProposalId = Id }));
        var first = await Task.WhenAny(applying, killed);
        // Its death frees its lock.
        session.Dispose();
        if (first == applying) await applying;
        return first == applying;
    }

    private static async Task<string> RecoverAsync(FakeBottle bottle, string where)
    {
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var revision = bottle.Revisions().Single();
        Assert.That(revision, Is.EqualTo(session.Plan.Revision), where);
        Assert.That(ApplySession.IsPending(bottle.State), Is.False, where);
        Assert.That(bottle.Lost, Is.Empty, where);
        Assert.That(AuditCheck.Run(bottle.Home).SelectMany(report => report.Verdict.Problems), Is.Empty, where);
        if (session.Recovered is null)
        {
            Assert.That(revision, Is.EqualTo(2), $"{where}: nothing had begun");
            Assert.That(bottle.AnswerTo(Id), Is.Null, where);
            return "old";
        }
        Assert.That(session.Recovered.Completed, Is.EqualTo(revision == 3), where);
        Assert.That(bottle.AnswerTo(Id)?.Decision, Is.EqualTo(revision == 3 ? AnswerDecision.Applied : AnswerDecision.Failed), where);
        Assert.That(ApplyTests.Events(bottle).Count(e => e is "applied" or "failed"), Is.EqualTo(1), $"{where}: recorded once");
        return revision == 3 ? "new" : "old";
    }

    /// <summary>A clock that stops the process that asks for it: every record asks once.</summary>
    private sealed class StoppingTime : TimeProvider
    {
        private readonly TaskCompletionSource end = new();
        private int asked;

        public int StopAt { get; set; }

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Let() => end.SetResult();

        public override DateTimeOffset GetUtcNow()
        {
            if (StopAt > 0 && Interlocked.Increment(ref asked) == StopAt)
            {
                Stopped.SetResult();
                end.Task.Wait();
                throw new InvalidOperationException("a killed process goes no further");
            }
            return base.GetUtcNow();
        }
    }
}
