using Bottle.Contracts.Git;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GitCacheTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly StateStore store;
    private readonly GitCache cache;

    public GitCacheTests()
    {
        home = new BottleHome(folder.Path);
        store = new StateStore(home, new CommandRunner());
        cache = new GitCache(home, new CommandRunner(), TimeProvider.System);
    }

    private string Root => Path.Combine(home.Root, "cache", "git");

    public void Dispose() => folder.Dispose();

    [Test]
    public async Task What_one_run_gives_back_the_next_one_has()
    {
        await RunAsync("one-k3x9a", Remote(), "objects of one");
        Assert.That(Convert.ToString((int)File.GetUnixFileMode(Root), 8), Is.EqualTo("700"));
        using var second = Begin("two-k3x9a", Remote(), out var taken);
        Assert.That(taken, Is.EqualTo(new[] { "app" }));
        Assert.That(File.ReadAllText(Copy(second) + "/objects"), Is.EqualTo("objects of one"));
        Assert.That(Directory.GetDirectories(Root), Is.Empty, "a copy in use is nobody else's");
    }

    [Test]
    public async Task Of_two_runs_at_once_the_second_begins_empty_and_the_last_copy_is_kept()
    {
        await RunAsync("zero-k3x9a", Remote(), "old");
        using var first = Begin("one-k3x9a", Remote(), out _);
        using var second = Begin("two-k3x9a", Remote(), out var taken);
        Assert.That(taken, Is.Empty);
        Write(second, "new");
        await cache.GiveBackAsync(first);
        await cache.GiveBackAsync(second);
        Assert.That(File.ReadAllText(Directory.GetDirectories(Root).Single() + "/objects"), Is.EqualTo("new"));
    }

    [Test]
    public async Task Without_cache_nothing_is_kept()
    {
        await RunAsync("one-k3x9a", Remote(cache: false), "x");
        Assert.That(Directory.Exists(Path.Combine(home.Root, "cache")), Is.False);
    }

    [Test]
    public async Task Another_upstream_has_another_copy()
    {
        await RunAsync("one-k3x9a", Remote(), "x");
        using var other = Begin("two-k3x9a", Remote("ssh://git@git.example.com:2222/team/app.git"), out var taken);
        Assert.That(taken, Is.Empty);
        Assert.That(Path.GetFileName(Directory.GetDirectories(Root).Single()), Does.Match(@"\Agit\.example\.com-app\.git-[0-9a-f]{16}\z"));
    }

    [Test]
    public async Task A_link_that_a_container_put_in_its_place_is_not_kept()
    {
        using var run = Begin("one-k3x9a", Remote(), out _);
        Directory.CreateSymbolicLink(Copy(run), folder.Path);
        await cache.GiveBackAsync(run);
        Assert.That(Directory.GetFileSystemEntries(Root), Is.Empty);
    }

    [Test]
    public async Task A_copy_of_another_user_is_left_where_it_is()
    {
        await RunAsync("one-k3x9a", Remote(), "x");
        using var run = store.Create("two-k3x9a");
        run.Writer(null).CreateDirectory(StateLayout.GitGateRepositories);
        Assert.That(cache.Take(run, [Remote()], new RunAs(NativeFile.UserId + 1, 1)), Is.Empty);
        Assert.That(Directory.GetDirectories(Root), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Old_copies_and_those_beyond_the_size_go_and_the_newest_stays()
    {
        foreach (var name in new[] { "a", "b", "c", "old" })
            await RunAsync(name + "-k3x9a", Remote($"ssh://git@git.example.com/{name}.git"), new string('x', 100));
        foreach (var (name, days) in new[] { ("a", 3), ("b", 2), ("c", 1), ("old", 31) })
            Directory.SetLastWriteTimeUtc(Directory.GetDirectories(Root, $"*-{name}.git-*").Single(), DateTime.UtcNow.AddDays(-days));
        await cache.PruneAsync(250);
        Assert.That(Names(), Is.EqualTo(new[] { "b", "c" }));
        await cache.PruneAsync(10);
        Assert.That(Names(), Is.EqualTo(new[] { "c" }));
    }

    private string[] Names() => [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path).Split('-')[1].Split('.')[0]).Order(StringComparer.Ordinal)];

    private async Task RunAsync(string identity, GitRemotePlan remote, string content)
    {
        using var run = Begin(identity, remote, out _);
        Write(run, content);
        await cache.GiveBackAsync(run);
    }

    private StateDirectory Begin(string identity, GitRemotePlan remote, out IReadOnlyList<string> taken)
    {
        var run = store.Create(identity);
        run.Writer(null).CreateDirectory(StateLayout.GitGateRepositories);
        taken = cache.Take(run, [remote], null);
        return run;
    }

    private static void Write(StateDirectory run, string content)
    {
        Directory.CreateDirectory(Copy(run));
        File.WriteAllText(Copy(run) + "/objects", content);
    }

    private static string Copy(StateDirectory run) => run[StateLayout.GitGateRepositories + "/app.git"];

    private static GitRemotePlan Remote(string url = "ssh://git@git.example.com/team/app.git", bool cache = true)
    {
        Assert.That(SshUpstream.TryParse(url, out var upstream, out _));
        return new GitRemotePlan { Name = "app", Upstream = upstream!, Push = new PushPolicy(), Scan = new ScanPolicy(), Cache = cache, Source = "dev.md:1" };
    }
}
