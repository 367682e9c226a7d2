using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ApplyTests
{
    /// <summary>A change of every kind that pipelock knows.</summary>
    internal static readonly (PipelockChange Kind, PolicyChange Change)[] Changes =
    [
        (PipelockChange.None, new PolicyChange.Add(Route("kept.example.com", "/v2/x"))),
        (PipelockChange.ReloadFirst, new PolicyChange.Add(Route("new.example.com", "/v1/x"))),
        (PipelockChange.ReloadLast, new PolicyChange.EndLeases(new HashSet<string> { "lease-1" })),
        (PipelockChange.Replace, new PolicyChange.StopInspecting("kept.example.com")),
    ];

    internal static IEnumerable<PipelockChange> Kinds => Changes.Select(c => c.Kind);

    internal static Route Route(string host, string path) => new() { Host = host, PathAllowlist = [path] };

    internal static FakeBottle Bottle(TimeProvider? time = null)
    {
        var plan = Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("kept.example.com") with { Paths = ["/v1/*"] }) with { Supervise = true }));
        var leased = Route("leased.example.com", "/v1/x") with { Lease = new RouteLease { Id = "lease-1", Uses = 3 } };
        return new FakeBottle(PlanRevision.Next(plan, new PolicyChange.Add(leased)).Require(), time);
    }

    internal static PolicyChange Change(PipelockChange kind) => Changes.Single(c => c.Kind == kind).Change;

    [TestCaseSource(nameof(Kinds))]
    public async Task A_change_is_in_force_on_disk_and_live_and_no_request_is_lost_between(PipelockChange kind)
    {
        using var bottle = Bottle();
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var change = session.Prepare(Change(kind));
        Assert.That(change.Pipelock, Is.EqualTo(kind));
        var outcome = await session.ApplyAsync(change, Origin());
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
        Assert.That(bottle.Lost, Is.Empty);
        Assert.That(ApplySession.IsPending(bottle.State), Is.False);
        Assert.That(outcome.Drained, Is.EqualTo(kind == PipelockChange.Replace ? true : null));
        Assert.That(Events(bottle), Is.EqualTo(new[] { "edited", "applied" }));
        Assert.That(session.Plan.Revision, Is.EqualTo(3));
    }

    [Test]
    public async Task Several_changes_follow_each_other()
    {
        using var bottle = Bottle();
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        foreach (var (_, change) in Changes)
            await session.ApplyAsync(session.Prepare(change), Origin());
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 6 }));
        Assert.That(bottle.Lost, Is.Empty);
        Assert.That(AuditCheck.Run(bottle.Home).All(report => report.Verdict.IsWhole));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task When_egress_refuses_the_table_everything_is_as_before_and_everybody_is_told(PipelockChange kind)
    {
        using var bottle = Bottle();
        bottle.Ask("egress-block-1", ProposedQuestion.ForRoute("GET", "https://other.example.com/"));
        bottle.EgressRefuses = true;
        // It takes the old table again when that is put back.
        bottle.WhenRefused = () => bottle.EgressRefuses = false;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var change = session.Prepare(Change(kind));
        var failure = (await Assert.ThrowsAsync<BottleException>(() => session.ApplyAsync(change, Origin() with { ProposalId = "egress-block-1" })))!.Diagnostics.Single();
        Assert.That(failure.Code, Is.EqualTo("BTL7202"));
        Assert.That(failure.Why, Does.Contain("not what a table is"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(bottle.Lost, Is.Empty);
        Assert.That(bottle.AnswerTo("egress-block-1")?.Decision, Is.EqualTo(AnswerDecision.Failed));
        Assert.That(bottle.AnswerTo("egress-block-1")?.Reason, Does.Not.Contain("table is"), "the agent hears no detail of the host's");
        Assert.That(Events(bottle), Is.EqualTo(new[] { "edited", "failed" }));
        Assert.That(ApplySession.IsPending(bottle.State), Is.False);
    }

    [TestCase("""{"event":"blocked","url":"https://api.example.com/config reload failed/security downgrade","reason":"pipelock: config reload failed"}""")]
    [TestCase("""{"event":"error","url":"https://api.example.com/security downgrade","error":"unexpected EOF"}""")]
    public async Task What_an_agent_makes_pipelock_log_refuses_no_change(string line)
    {
        using var bottle = Bottle();
        bottle.PipelockQuotes = line;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        await session.ApplyAsync(session.Prepare(Change(PipelockChange.ReloadLast)), Origin());
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
    }

    [TestCase(PipelockChange.ReloadFirst)]
    [TestCase(PipelockChange.ReloadLast)]
    public async Task When_pipelock_refuses_its_file_everything_is_as_before(PipelockChange kind)
    {
        using var bottle = Bottle();
        bottle.PipelockRefuses = true;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var failure = (await Assert.ThrowsAsync<BottleException>(() => session.ApplyAsync(session.Prepare(Change(kind)), Origin())))!.Diagnostics.Single();
        Assert.That(failure.Why, Does.Contain("pipelock").And.Contain("security downgrade"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(bottle.Lost, Is.Empty);
    }

    [Test]
    public async Task When_the_second_pipelock_does_not_start_the_first_stays()
    {
        using var bottle = Bottle();
        bottle.UpFails = true;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        await Assert.ThrowsAsync<BottleException>(() => session.ApplyAsync(session.Prepare(Change(PipelockChange.Replace)), Origin()));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    [Test]
    public async Task A_replaced_pipelock_that_still_has_requests_goes_when_its_time_is_over_and_that_is_said()
    {
        using var bottle = Bottle();
        bottle.Draining.Add("pipelock-r1");
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var outcome = await session.ApplyAsync(session.Prepare(Change(PipelockChange.Replace)), Origin());
        Assert.That(outcome.Drained, Is.False);
        Assert.That(bottle.Pipelocks, Is.EqualTo(new[] { "pipelock-r3" }));
    }

    [Test]
    public async Task Without_an_egress_nothing_is_begun()
    {
        using var bottle = Bottle();
        bottle.EgressRuns = false;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var failure = (await Assert.ThrowsAsync<BottleException>(() => session.ApplyAsync(session.Prepare(Change(PipelockChange.None)), Origin())))!;
        Assert.That(failure.Diagnostics[0].Code, Is.EqualTo("BTL7111"));
        Assert.That(ApplySession.IsPending(bottle.State), Is.False);
        Assert.That(Events(bottle), Is.Empty);
    }

    [Test]
    public async Task An_egress_that_ends_in_the_middle_and_cannot_be_started_leaves_the_old_files_and_the_next_command_goes_on()
    {
        using var bottle = Bottle();
        bottle.EgressRefuses = bottle.RestartFails = true;
        bottle.WhenRefused = () => bottle.EgressRuns = false;
        var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var applying = session.ApplyAsync(session.Prepare(Change(PipelockChange.ReloadFirst)), Origin());
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => applying))!.Diagnostics[0].Code, Is.EqualTo("BTL7203"));
        Assert.That(File.ReadAllText(bottle.State[StateLayout.Routes]), Does.Not.Contain("new.example.com"), "what starts again reads the old table");
        session.Dispose();

        (bottle.EgressRuns, bottle.EgressRefuses, bottle.RestartFails) = (true, false, false);
        using var next = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        Assert.That(next.Recovered?.Completed, Is.False);
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    [TestCase("pipelock")]
    [TestCase("egress")]
    public async Task A_sidecar_that_does_not_confirm_its_old_file_is_started_anew_and_that_is_said_and_recorded(string service)
    {
        using var bottle = Bottle();
        bottle.PipelockHangs = service == "pipelock";
        bottle.EgressRefuses = service == "egress";
        bottle.WhenRefused = () => bottle.EgressRuns = false;
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var applying = session.ApplyAsync(session.Prepare(Change(PipelockChange.ReloadFirst)), Origin());
        var failure = (await Assert.ThrowsAsync<BottleException>(() => applying))!.Diagnostics[0];
        Assert.That(failure.Code, Is.EqualTo("BTL7202"));
        Assert.That(failure.Why, Does.EndWith($"\n{service} did not confirm revision 2 either, and was started anew"));
        Assert.That(File.ReadAllText(AuditLog.RunFile(bottle.Home, bottle.Plan.Identity)), Does.Contain("was started anew"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    [Test]
    public async Task A_sidecar_is_started_anew_once_for_each_change_and_not_beside_no_agent([Values] bool hasAgent)
    {
        using var bottle = Bottle();
        bottle.PipelockHangs = bottle.RestartFails = true;
        bottle.AgentRuns = hasAgent;
        using (var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity))
        {
            var applying = session.ApplyAsync(session.Prepare(Change(PipelockChange.ReloadFirst)), Origin());
            var failure = (await Assert.ThrowsAsync<BottleException>(() => applying))!.Diagnostics[0];
            Assert.That(failure.Code, Is.EqualTo("BTL7203"));
            Assert.That(failure.Why, Does.Contain(hasAgent ? "no space left on device" : "does not run").And.Contain("its log did not say in time"), "why it was started anew, and why that failed");
        }
        for (var again = 0; again < 2; again++)
        {
            var failure = (await Assert.ThrowsAsync<BottleException>(() => ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity)))!.Diagnostics[0];
            Assert.That(failure.Code, Is.EqualTo("BTL7203"));
        }
        Assert.That(bottle.CommandLines.Count(line => line.StartsWith("docker restart ", StringComparison.Ordinal)), Is.EqualTo(hasAgent ? 1 : 0));

        bottle.PipelockHangs = false;
        using var next = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        Assert.That(next.Recovered?.Completed, Is.False);
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    [Test]
    public async Task A_command_that_is_interrupted_puts_back_what_it_began()
    {
        using var bottle = Bottle();
        using var interrupt = new CancellationTokenSource();
        bottle.EgressRefuses = true;
        bottle.WhenRefused = () =>
        {
            interrupt.Cancel();
            bottle.EgressRefuses = false;
        };
        using var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var applying = session.ApplyAsync(session.Prepare(Change(PipelockChange.ReloadFirst)), Origin(), interrupt.Token);
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => applying))!.Diagnostics[0].Code, Is.EqualTo("BTL7202"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    internal static ChangeOrigin Origin() => new() { Event = AuditEvents.Edited, Actor = "operator:test", Question = "a test" };

    internal static IEnumerable<string> Events(FakeBottle bottle) => File.Exists(AuditLog.RunFile(bottle.Home, bottle.Plan.Identity))
        ? File.ReadLines(AuditLog.RunFile(bottle.Home, bottle.Plan.Identity)).Select(line => AuditChain.Read(System.Text.Encoding.UTF8.GetBytes(line), out _)!.Event)
        : [];
}
