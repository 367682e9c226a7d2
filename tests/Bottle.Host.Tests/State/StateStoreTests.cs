using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateStoreTests : IDisposable
{
    private const string Run = "demo-k3x9a";
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly StateStore store;

    public StateStoreTests()
    {
        home = new BottleHome(Path.Combine(folder.Path, "home"));
        store = new StateStore(home, new CommandRunner());
    }

    public void Dispose() => folder.Dispose();

    [Test]
    public void A_new_state_is_private_and_owned_from_its_first_moment()
    {
        using var state = store.Create(Run);
        Assert.That(File.GetUnixFileMode(state.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That((store.IsHeld(Run), state.IsOwned), Is.EqualTo((true, true)));
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { Run }));
        Assert.That(RunLock.Holder(state.Path), Is.EqualTo(Environment.ProcessId));
    }

    [Test]
    public void What_the_owner_says_it_does_is_there_after_its_end_until_the_next_owner()
    {
        using (var state = store.Create(Run))
        {
            Assert.That(state.Doing, Is.Empty);
            state.Say("RenderEgress BuildImages");
            state.Say("ComposeUp");
            Assert.That((store.Open(Run)!.Doing, RunLock.Holder(state.Path)), Is.EqualTo(("ComposeUp", Environment.ProcessId)));
        }
        Assert.That((store.IsHeld(Run), store.Open(Run)!.Doing), Is.EqualTo((false, "ComposeUp")));
        using var next = store.TryOwn(Run);
        Assert.That(store.Open(Run)!.Doing, Is.Empty);
        Assert.Throws<InvalidOperationException>(() => store.Open(Run)!.Say("nothing of mine"));
    }

    [Test]
    public void Why_a_state_is_kept_can_be_read_until_it_is_let_go()
    {
        using var state = store.Create(Run);
        Assert.That(state.PreservedBecause, Is.Empty);
        state.Preserve("stopped after ComposeUp");
        Assert.That(store.Open(Run)!.PreservedBecause, Is.EqualTo("stopped after ComposeUp"));
        state.ClearPreserve();
        Assert.That((state.IsPreserved, state.PreservedBecause), Is.EqualTo((false, "")));
    }

    [Test]
    public async Task Of_two_that_make_one_identity_one_wins()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            try
            {
                return store.Create(Run);
            }
            catch (BottleException e) when (e.Diagnostics[0].Code == "BTL3102")
            {
                return null;
            }
        })));
        Assert.That(made.Count(m => m is not null), Is.EqualTo(1));
        Assert.That(Directory.GetFileSystemEntries(home.StateRoot), Is.EqualTo(new[] { home.State(Run) }), "losers leave nothing");
        foreach (var state in made)
            state?.Dispose();
    }

    [Test]
    public void The_lock_keeps_others_out_until_it_is_freed()
    {
        var state = store.Create(Run);
        Assert.That(store.TryOwn(Run), Is.Null);
        state.Dispose();
        Assert.That(store.IsHeld(Run), Is.False);
        using var next = store.TryOwn(Run);
        Assert.That(next, Is.Not.Null);
    }

    [Test]
    public async Task The_lock_ends_with_its_process()
    {
        store.Create(Run).Dispose();
        // flock(1) takes the same lock as another process would.
        using var other = Process.Start(new ProcessStartInfo("flock", ["--exclusive", "--no-fork", Path.Combine(home.State(Run), "lock"), "sleep", "60"]))!;
        Assert.That(() => store.IsHeld(Run), Is.True.After(5000, 20));
        Assert.That(store.TryOwn(Run), Is.Null);
        other.Kill();
        await other.WaitForExitAsync();
        Assert.That(store.IsHeld(Run), Is.False);
    }

    [Test]
    public async Task Removal_by_somebody_else_is_refused_while_the_run_lives()
    {
        using var state = store.Create(Run);
        var e = await Assert.ThrowsAsync<BottleException>(() => store.RemoveAsync(Run));
        Assert.That((e!.Diagnostics[0].Code, e.Diagnostics[0].Message), Is.EqualTo(("BTL3104", $"run '{Run}' is in use by process {Environment.ProcessId}")));
        await store.RemoveAsync(state);
        Assert.That(Directory.GetFileSystemEntries(home.StateRoot), Is.Empty);
        await store.RemoveAsync(Run);
    }

    [Test]
    public async Task Removal_does_not_follow_links()
    {
        var outside = Directory.CreateDirectory(Path.Combine(folder.Path, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "keep"), "x");
        var mode = File.GetUnixFileMode(outside);
        using (var state = store.Create(Run))
        {
            Directory.CreateDirectory(state["egress-log"]);
            Directory.CreateSymbolicLink(state["egress-log/dir"], outside);
            File.CreateSymbolicLink(state["egress-log/file"], Path.Combine(outside, "keep"));
            File.CreateSymbolicLink(state["egress-log/loop"], "..");
        }
        await store.RemoveAsync(Run);
        Assert.That(File.ReadAllText(Path.Combine(outside, "keep")), Is.EqualTo("x"));
        Assert.That(File.GetUnixFileMode(outside), Is.EqualTo(mode));
        Assert.That(Directory.Exists(home.State(Run)), Is.False);
    }

    [Test]
    public async Task Removal_copes_with_closed_folders_and_odd_files()
    {
        using (var state = store.Create(Run))
        {
            Directory.CreateDirectory(state["a/b"]);
            File.WriteAllText(state["a/b/file"], "");
            File.SetUnixFileMode(state["a/b/file"], UnixFileMode.None);
            using var fifo = Process.Start("mkfifo", [state["a/pipe"]]);
            await fifo.WaitForExitAsync();
            File.SetUnixFileMode(state["a/b"], UnixFileMode.None);
            File.SetUnixFileMode(state["a"], UnixFileMode.None);
        }
        await store.RemoveAsync(Run);
        Assert.That(Directory.GetFileSystemEntries(home.StateRoot), Is.Empty);
    }

    [Test]
    public async Task Removal_copes_with_folders_deeper_than_a_path_can_name()
    {
        using (var state = store.Create(Run))
        {
            const string deeper = "for (1..60) { mkdir 'd' x 100 or die $!; chdir 'd' x 100 or die $! }";
            var made = await new CommandRunner().RunAsync(new Command("perl", "-e", deeper) { WorkingDirectory = state.Path });
            Assert.That(made.Succeeded, made.Error);
        }
        await store.RemoveAsync(Run);
        Assert.That(Directory.GetFileSystemEntries(home.StateRoot), Is.Empty);
    }

    [Test]
    public async Task A_removal_that_was_cut_is_finished_by_the_next()
    {
        store.Create(Run).Dispose();
        Directory.CreateDirectory(Path.Combine(home.StateRoot, ".removed-demo-zzzzz-1", "rest"));
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { Run }));
        await store.RemoveAsync(Run);
        Assert.That(Directory.GetFileSystemEntries(home.StateRoot), Is.Empty);
    }

    [Test]
    public void Links_and_other_names_are_no_identities()
    {
        store.Create(Run).Dispose();
        Directory.CreateSymbolicLink(Path.Combine(home.StateRoot, "other-00000"), "/");
        Directory.CreateDirectory(Path.Combine(home.StateRoot, "Not-An-Identity"));
        Assert.That(store.ListIdentities(), Is.EqualTo(new[] { Run }));
        Assert.That(store.Open("other-00000"), Is.Null);
    }

    [Test]
    public void The_marker_keeps_and_lets_go()
    {
        using var state = store.Create(Run);
        Assert.That(state.IsPreserved, Is.False);
        state.Preserve("--keep");
        Assert.That(state.IsPreserved);
        state.ClearPreserve();
        Assert.That(state.IsPreserved, Is.False);
    }

    [Test]
    public void Reading_an_empty_home_makes_nothing()
    {
        Assert.That((store.ListIdentities(), store.Open(Run), store.IsHeld(Run)), Is.EqualTo((Array.Empty<string>(), (StateDirectory?)null, false)));
        Assert.That(Directory.Exists(home.Root), Is.False);
    }
}
