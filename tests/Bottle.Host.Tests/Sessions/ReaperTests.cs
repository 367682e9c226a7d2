using Bottle.Core.Diagnostics;
using Bottle.Host.Docker;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReaperTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly RecordingCommandRunner runner = new();
    private readonly StateStore store;
    private readonly Reaper reaper;

    public ReaperTests()
    {
        home = new BottleHome(folder.Path);
        store = new StateStore(home, runner);
        reaper = new Reaper(home, store, new DockerEngine(runner));
    }

    public void Dispose() => folder.Dispose();

    private string Container(string identity) => $$"""{"id":"c-{{identity}}","name":"x","image":"i","state":"running","status":"Up","identity":"{{identity}}","service":"agent","home":"{{home.Hash}}"}""" + "\n";

    [Test]
    public async Task Dead_runs_are_found_and_living_ones_are_not()
    {
        using var alive = store.Create("alive-00000");
        store.Create("state-00000").Dispose();
        using (var kept = store.Create("kept-00000"))
            kept.Preserve("--keep");
        runner.Answer("docker ps", Container("alive-00000") + Container("orphan-00000") + Container("orphan-00000") + Container("kept-00000") + Container("../../evil"))
            .Answer("network ls").Answer("image ls");
        Assert.That(await reaper.FindAsync(), Is.EqualTo(new[]
        {
            new Leftover { Identity = "kept-00000", HasState = true, IsPreserved = true, EngineObjects = 1 },
            new Leftover { Identity = "orphan-00000", EngineObjects = 2 },
            new Leftover { Identity = "state-00000", HasState = true },
        }));
        Assert.That((await reaper.FindAsync()).Where(l => l.NeedsReaping).Select(l => l.Identity), Is.EqualTo(new[] { "orphan-00000" }));
    }

    [Test]
    public async Task A_living_run_is_not_reaped()
    {
        using var alive = store.Create("alive-00000");
        var e = await Assert.ThrowsAsync<BottleException>(() => reaper.ReapAsync("alive-00000", removeState: true));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL3104"));
        Assert.That(runner.Commands, Is.Empty);
    }

    [Test]
    public async Task Everything_of_a_dead_run_is_removed_and_nothing_else()
    {
        store.Create("dead-00000").Dispose();
        store.Create("other-00000").Dispose();
        runner.Answer("docker ps", Container("dead-00000")).Answer("network ls", "").Answer("compose")
            .Answer("image ls", "sha256:1\n").Answer("image inspect", """{"id":"sha256:1","tags":[],"labels":{},"created":"","size":1}""")
            .Answer("docker rm").Answer("image rm");
        await reaper.ReapAsync("dead-00000", removeState: true);
        Assert.That(runner.Lines.Where(l => l.Contains(" rm ", StringComparison.Ordinal)).Distinct(), Is.EqualTo(new[] { "docker rm --force --volumes c-dead-00000", "docker image rm --force sha256:1" }));
        Assert.That(runner.Lines.Where(l => l.StartsWith("docker ps", StringComparison.Ordinal) || l.Contains(" ls ", StringComparison.Ordinal)),
            Has.All.Match($"label=bottle.home={home.Hash}|label=com.docker.compose.project=claude-bottle-dead-00000"));
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { "other-00000" }));
    }

    [Test]
    public async Task The_state_stays_when_it_is_to_stay_or_when_the_engine_fails()
    {
        store.Create("dead-00000").Dispose();
        runner.Answer("docker ps", "", 1, "Cannot connect\n").Answer("docker ps", "").Answer("network ls").Answer("image ls");
        var e = await Assert.ThrowsAsync<BottleException>(() => reaper.ReapAsync("dead-00000", removeState: true));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL4111"));
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { "dead-00000" }));
        await reaper.ReapAsync("dead-00000", removeState: false);
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { "dead-00000" }));
        await reaper.ReapAsync("dead-00000", removeState: true);
        await reaper.ReapAsync("dead-00000", removeState: true);
        Assert.That(store.ListIdentities(), Is.Empty);
    }
}
