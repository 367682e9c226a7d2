using Bottle.Host.Processes;

namespace Bottle.Scenarios;

/// <summary>The git-gate in the product: the demo's evidence, and the key that only the gate has (SPEC H, attacks.md 20 and 25).</summary>
[RequiresEngine]
internal sealed class GitScenarios
{
    private static readonly CommandRunner Runner = new();

    [Test]
    public async Task The_git_demo_shows_every_promise_with_evidence_and_leaves_nothing()
    {
        using var home = new BottleHomeFolder();
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=demo-git", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("a clean push arrives upstream"));
        Assert.That(output, Does.Contain("src/settings.py:2"), "the finding names file and line");
        Assert.That(output, Does.Not.Contain("FAIL"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task The_key_is_in_its_0600_file_and_in_nothing_that_others_read()
    {
        using var home = new BottleHomeFolder();
        var (code, _, _) = await Cake.RunAsync(home, ["--target=Provision", "--agent=demo-git", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        var state = Directory.GetDirectories(home.Home.StateRoot).Single();
        var key = Path.Combine(state, "git-gate", "keys", "demo");
        Assert.That(File.GetUnixFileMode(key), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var canary = (await File.ReadAllLinesAsync(key))[1];

        var containers = await BottleHomeFolder.Engine.ContainersAsync(home.Home.Hash);
        Assert.That(containers, Has.Count.EqualTo(4));
        foreach (var container in containers)
        {
            Assert.That(await CaptureAsync("docker", "inspect", container.Id), Does.Not.Contain(canary), container.Name);
            Assert.That(await CaptureAsync("docker", "logs", container.Id), Does.Not.Contain(canary), container.Name);
        }
        foreach (var file in Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories).Where(file => file != key && Path.GetFileName(file) != "lock"))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(canary), file);

        var identity = Path.GetFileName(state);
        Assert.That(await CaptureAsync("docker", "exec", $"claude-bottle-{identity}", "ls", "/run/git-gate"), Does.Contain("No such file"));
        Assert.That(await CaptureAsync("docker", "inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", $"claude-bottle-git-gate-{identity}"), Does.Not.Contain("_egress"));
        // Nothing but the declared way: neither upstream's address nor another host through pipelock.
        Assert.That(await CaptureAsync("docker", "exec", $"claude-bottle-git-gate-{identity}", "nc", "-v", "-w", "120", "-X", "connect", "-x", "pipelock:8888", "other.demo.test", "22"), Does.Contain("403"));

        var (cleaned, _, _) = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That(cleaned, Is.Zero);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_gates_copy_outlives_a_run_only_where_the_manifest_says_so(bool cache)
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests($"""
            provider: none
            git: [{"{"}name: demo, upstream: "git@git.demo.test:demo.git", cache: {(cache ? "true" : "false")}{"}"}]
            test_upstreams: [{"{"}host: git.demo.test, image: bottle-demo-git-upstream{"}"}]
            """, "[sh, -c, 'git clone -q git@git.demo.test:demo.git /tmp/w && ls /tmp/w']");
        File.Copy(Path.Combine(Cake.Repository, "bottles", "images", "demo-git", "Dockerfile"), Path.Combine(home.Home.Bottles, "images", "scenario", "Dockerfile"), overwrite: true);
        File.Copy(Path.Combine(Cake.Repository, "bottles", "images", "demo-git", "bottle-demo-git"), Path.Combine(home.Home.Bottles, "images", "scenario", "bottle-demo-git"));
        string[] start = ["--target=Start", "--agent=scenario", "--yes", "--setup"];
        var kept = Path.Combine(home.Home.Root, "cache");
        foreach (var run in new[] { 1, 2 })
        {
            var (code, output, _) = await Cake.RunAsync(home, start);
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("README.md"));
            Assert.That(output.Contains("with the copy of an earlier run: demo", StringComparison.Ordinal), Is.EqualTo(cache && run == 2));
            Assert.That(await home.LeftAsync(), Is.Empty);
            Assert.That(Directory.Exists(kept), Is.EqualTo(cache));
            if (cache)
                Assert.That(Directory.GetFiles(Directory.GetDirectories(Path.Combine(kept, "git")).Single(), "*.*", SearchOption.AllDirectories), Is.Not.Empty);
        }
    }

    private static async Task<string> CaptureAsync(string program, params string[] arguments)
    {
        var result = await Runner.RunAsync(new Command(program, arguments));
        return result.Output + result.Error;
    }
}
