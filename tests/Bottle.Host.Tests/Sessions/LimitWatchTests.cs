using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LimitWatchTests : IDisposable
{
    private const int Minutes = 3;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();
    private readonly RecordingCommandRunner runner = new RecordingCommandRunner().Answer("kill --signal KILL").Answer("exec", "");
    private readonly BottlePlan plan = Samples.Plan() is var plan ? plan with { Agent = plan.Agent with { Bounds = new RunBounds(64, Minutes), LimitsSource = "bottles/dev.md:2:1" } } : plan;
    private readonly StateDirectory state;

    public LimitWatchTests() => state = new StateStore(new BottleHome(folder.Path), runner).Create(plan.Identity);

    [Test]
    public async Task An_agent_is_ended_when_its_minutes_are_over_and_not_before()
    {
        await using var watch = LimitWatch.Start(new DockerEngine(runner), plan, state, clock);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(Minutes); passed += Look)
        {
            await Eventually.HoldsAsync(() => clock.Waiting == 1, () => $"it does not wait for its next look {passed} after the beginning");
            Assert.That(runner.Lines, Is.Empty, $"{passed} are no {Minutes} minutes");
            clock.Advance(Look);
        }
        await Eventually.HoldsAsync(() => runner.Lines.Count == 1, () => "nobody ended the agent");
        Assert.That(runner.Lines.Single(), Does.Contain("kill --signal KILL").And.Contain(plan.Names.Container("agent")));
        Assert.That(await watch.EndAsync(137, CancellationToken.None), Is.EqualTo(new[] { "out of time: 3 minutes are over (limits at bottles/dev.md:2:1); the agent was ended" }));
    }

    [Test]
    public async Task An_agent_that_ends_in_time_reached_nothing()
    {
        await using var watch = LimitWatch.Start(new DockerEngine(runner), plan, state, clock);
        await Eventually.HoldsAsync(() => clock.Waiting == 1, () => "it does not look");
        clock.Advance(TimeSpan.FromMinutes(Minutes) - Look);
        Assert.That(await watch.EndAsync(0, CancellationToken.None), Is.Empty);
        Assert.That(await watch.EndAsync(1, CancellationToken.None), Is.Empty, "the engine's own limits neither");
        Assert.That(runner.Lines, Has.None.Contains("KILL"));
    }

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }
}
