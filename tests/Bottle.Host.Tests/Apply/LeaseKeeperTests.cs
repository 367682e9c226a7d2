using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeaseKeeperTests : IDisposable
{
    private readonly SetTime time = new();
    private readonly FakeBottle bottle;
    private readonly LeaseKeeper keeper;

    public LeaseKeeperTests()
    {
        bottle = ApplyTests.Bottle(time);
        keeper = new LeaseKeeper(bottle.Services, bottle.State);
    }

    public void Dispose() => bottle.Dispose();

    [Test]
    public async Task As_long_as_no_lease_has_ended_nothing_happens()
    {
        Assert.That(await TendAsync(), Is.Null);
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
    }

    [Test]
    public async Task A_route_whose_time_is_over_goes_and_that_is_recorded()
    {
        using (var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity))
            await session.ApplyAsync(session.Prepare(new PolicyChange.Add(ApplyTests.Route("brief.example.com", "/x") with { Lease = new RouteLease { Id = "brief", Until = time.Now.AddMinutes(30) } })), ApplyTests.Origin());
        time.Now = time.Now.AddMinutes(29);
        Assert.That(await TendAsync(), Is.Null);
        time.Now = time.Now.AddMinutes(1);
        Assert.That(await TendAsync(), Is.EqualTo("revision 4: leases ended: brief"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 4 }));
        Assert.That(bottle.Lost, Is.Empty);
        Assert.That(ApplyTests.Events(bottle).TakeLast(2), Is.EqualTo(new[] { "lease-ended", "applied" }));
        Assert.That(await TendAsync(), Is.Null);
    }

    [Test]
    public async Task A_route_whose_uses_are_taken_goes_when_egress_says_so()
    {
        Assert.That(await TendAsync(), Is.Null);
        bottle.UsedUp.Add("lease-1");
        Assert.That(await TendAsync(), Is.Null, "egress is asked now and then");
        time.Now = time.Now.AddSeconds(10);
        Assert.That(await TendAsync(), Is.EqualTo("revision 3: leases ended: lease-1"));
        Assert.That(bottle.Live.Routes.Select(r => r.Host), Does.Not.Contain("leased.example.com"));
    }

    [Test]
    public async Task What_cannot_be_done_is_left_alone_for_a_minute()
    {
        bottle.UsedUp.Add("lease-1");
        bottle.PipelockRefuses = true;
        Assert.That((await Assert.ThrowsAsync<BottleException>(TendAsync))!.Diagnostics[0].Code, Is.EqualTo("BTL7202"));
        time.Now = time.Now.AddSeconds(59);
        var commands = bottle.CommandLines.Count;
        Assert.That(await TendAsync(), Is.Null);
        Assert.That(bottle.CommandLines, Has.Count.EqualTo(commands));
        bottle.PipelockRefuses = false;
        time.Now = time.Now.AddSeconds(1);
        Assert.That(await TendAsync(), Does.Contain("lease-1"));
    }

    [Test]
    public async Task While_another_command_applies_something_it_waits_for_its_turn()
    {
        bottle.UsedUp.Add("lease-1");
        using (await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity))
            Assert.That(await TendAsync(), Is.Null);
        time.Now = time.Now.AddSeconds(10);
        Assert.That(await TendAsync(), Is.Not.Null);
    }

    [Test]
    public async Task What_a_killed_command_left_is_finished()
    {
        var session = await ApplySession.OpenAsync(bottle.Services, bottle.Plan.Identity);
        var change = session.Prepare(ApplyTests.Change(PipelockChange.ReloadFirst));
        // The first is its mark in pipelock's log, the second its look at egress: at the third the journal is there.
        bottle.KillAt = bottle.CommandLines.Count + 3;
        var applying = Task.Run(() => session.ApplyAsync(change, ApplyTests.Origin()));
        await bottle.Killed.Task;
        session.Dispose();
        bottle.Revive();
        Assert.That(await TendAsync(), Does.Contain("revision 2 is in force without it"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(applying.IsCompleted, Is.False);
    }

    private Task<string?> TendAsync() => keeper.TendAsync(CancellationToken.None);

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
