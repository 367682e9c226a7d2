using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>Upstream is down, refuses, changed its key, or dies half-way (attacks.md 24): the gate's refs are upstream's afterwards, and the client saw why.</summary>
[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class UpstreamTests
{
    [Test]
    public async Task Upstreams_own_refusal_and_words_reach_the_client_and_nothing_moves()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("printf '#!/bin/sh\\necho see the rules of this house; exit 1\\n' > hooks/pre-receive; chmod 755 hooks/pre-receive");
        var said = await gate.AssertRefusedAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD", "BTL6413");
        Assert.That(said, Does.Contain("upstream: see the rules of this house").And.Contain("pre-receive hook declined"));
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task Words_of_an_upstream_that_accepts_reach_the_client_made_inert()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("printf '#!/bin/sh\\nprintf \"open a request \\\\033[31mred\\\\n\"\\n' > hooks/post-receive; chmod 755 hooks/post-receive");
        var said = await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD");
        Assert.That(said, Does.Contain(@"upstream: open a request \u{1b}[31mred"));
    }

    [Test]
    public async Task Two_refs_go_together_or_not_at_all()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("printf '#!/bin/sh\\n[ $1 != refs/heads/agent/b ]\\n' > hooks/update; chmod 755 hooks/update");
        await gate.AssertRefusedAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD:agent/a HEAD:agent/b", "BTL6413");
    }

    [Test]
    public async Task A_changed_host_key_stops_everything()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(options: new GateOptions { PinnedKey = "stranger" });
        var spoken = await gate.ClientAsync("git clone $URL w");
        Assert.That(spoken.Text, Does.Contain("BTL6422").And.Contain("its host key is not"));
    }

    [Test]
    public async Task A_key_that_upstream_does_not_know_is_said()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync(options: new GateOptions { Key = "stranger" });
        Assert.That((await gate.ClientAsync("git ls-remote $URL")).Text, Does.Contain("BTL6422").And.Contain("does not take the key"));
    }

    [Test]
    public async Task Without_upstream_nothing_stale_is_served_and_when_it_is_back_all_goes_on()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync();
        await gate.SeedAsync();
        await lab.DockerAsync("network", "disconnect", lab.Outside, gate.Container);
        foreach (var command in new[] { "git fetch", "git clone $URL x", "git push origin HEAD" })
        {
            var spoken = await gate.ClientAsync("cd w; " + command);
            Assert.That(spoken.Succeeded, Is.False, command);
            Assert.That(spoken.Text, Does.Contain("BTL6422").And.Contain("nothing stale"), command);
        }
        await lab.DockerAsync("network", "connect", lab.Outside, gate.Container);
        await GateUnderTest.EventuallyAsync(async () => (await gate.ClientAsync("cd w; git fetch && git commit -q --allow-empty -m c && git push origin HEAD")).Succeeded, "the gate reaches upstream again");
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task A_fetch_shows_what_upstream_has_now_renames_of_its_default_branch_too()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("git branch trunk main; git symbolic-ref HEAD refs/heads/trunk; git branch -D main; git tag v9 trunk");
        var said = await gate.ClientDoesAsync("git clone -q $URL again; cd again; git branch -a; git tag");
        Assert.That(said, Does.Contain("* trunk").And.Contain("v9").And.Not.Contain("main"));
    }

    [Test]
    public async Task Upstream_killed_before_it_moved_its_refs_leaves_both_sides_as_they_were()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("printf '#!/bin/sh\\nkill -9 $PPID\\n' > hooks/pre-receive; chmod 755 hooks/pre-receive");
        await gate.AssertRefusedAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD", "BTL6415");
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task Upstream_killed_after_it_moved_its_refs_is_asked_what_it_has()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.UpstreamDoesAsync("printf '#!/bin/sh\\n[ $1 != committed ] || kill -9 $PPID\\n' > hooks/reference-transaction; chmod 755 hooks/reference-transaction");
        await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD");
        await gate.AssertInStepAsync();
        Assert.That(await gate.UpstreamRefsAsync(), Does.Contain("agent/work"));
    }

    [Test]
    public async Task A_client_killed_in_the_middle_leaves_both_sides_in_step()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.StopUpstreamInPushesAsync();
        await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD >/dev/null 2>&1 & echo $! > $HOME/pid");
        await gate.PushHasReachedUpstreamAsync();
        await gate.ClientDoesAsync("kill -9 $(cat $HOME/pid)");
        await gate.LetUpstreamGoOnAsync();
        await GateUnderTest.EventuallyAsync(async () => (await gate.UpstreamRefsAsync()).Contains("agent/work", StringComparison.Ordinal), "upstream took the push");
        await GateUnderTest.EventuallyAsync(async () => await gate.GateRefsAsync() == await gate.UpstreamRefsAsync(), "the gate followed");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_gate_killed_in_the_middle_is_in_step_when_it_serves_again(bool keepsItsFolder)
    {
        var lab = await LabFixture.Lab;
        string? folder = null;
        if (keepsItsFolder)
        {
            folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "cache-" + lab.NextName())).FullName;
            await lab.RunAsync("chmod", "777", folder);
        }
        await using var gate = await lab.GateAsync(options: new GateOptions { CacheFolder = folder });
        await gate.SeedAsync();
        await gate.StopUpstreamInPushesAsync();
        await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD >/dev/null 2>&1 &");
        await gate.PushHasReachedUpstreamAsync();
        await lab.DockerAsync("kill", "--signal", "KILL", gate.Container);
        if (folder is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, gate.Repository + ".git", "packed-refs.lock"), "");
        }
        await lab.DockerAsync("start", gate.Container);
        await GateUnderTest.EventuallyAsync(async () => (await gate.ClientAsync("cd w; git fetch")).Succeeded, "the gate serves again");
        await gate.LetUpstreamGoOnAsync();
        await gate.ClientDoesAsync("cd w; git fetch; git commit -q --allow-empty -m d; git push origin HEAD");
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task Six_pushes_at_once_all_arrive()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        await gate.ClientDoesAsync("""
            for i in 1 2 3 4 5 6; do git clone -q $URL c$i; (cd c$i; git commit -q --allow-empty -m c$i; if git push -q origin HEAD:agent/c$i; then echo 0; else echo 1; fi > ../code$i) & done; wait
            cat code*; [ "$(cat code* | sort -u)" = 0 ]
            """);
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task Of_two_pushes_to_one_branch_one_wins_and_the_other_is_told()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        // Git runs pre-push when it has upstream's refs and has sent nothing yet: there both wait for each other, so neither sees what the other pushed.
        var said = await gate.ClientDoesAsync("""
            for i in 1 2; do git clone -q $URL d$i; printf '#!/bin/sh\ntouch ../ready%s; until [ -e ../ready1 ] && [ -e ../ready2 ]; do sleep 0.1; done\n' $i > d$i/.git/hooks/pre-push; chmod 755 d$i/.git/hooks/pre-push; done
            for i in 1 2; do (cd d$i; git commit -q --allow-empty -m d$i; if git push origin HEAD:agent/d > ../said$i 2>&1; then echo 0; else echo 1; fi > ../code$i) & done; wait
            cat said*; cat code1 code2 | sort | tr '\n' ' '
            """);
        Assert.That(said, Does.Contain("0 1").And.Contain("BTL6413"));
        await gate.AssertInStepAsync();
    }
}
