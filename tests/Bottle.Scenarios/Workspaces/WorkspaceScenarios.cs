using System.Runtime.InteropServices;
using System.Text.Json;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Scenarios.Workspaces;

/// <summary>An agent in a copy of a project, and the way home of its work on every ending.</summary>
[RequiresEngine]
internal sealed class WorkspaceScenarios
{
    private const string Works = """
        cd /work/app || exit 9
        grep -q SECRET .env 2>/dev/null && exit 8
        echo agent >> a.txt; rm gone.txt; printf '\000\377' > binary
        mkdir -p .git/hooks .vscode many node_modules/p; echo evil > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout; echo '{}' > .vscode/tasks.json
        i=0; while [ $i -lt 300 ]; do echo $i > many/$i; echo $i > node_modules/p/$i; i=$((i+1)); done
        ln -s /etc/passwd outside; ln -s a.txt inside; mkfifo pipe; cp /bin/true suid; chmod 4755 suid; mkdir closed; echo in > closed/in.txt; chmod 000 closed
        echo ready-$((40+2))
        """;

    [Test]
    public async Task What_the_agent_changed_in_its_copy_comes_home_reviewed_and_nothing_else_does()
    {
        using var home = new BottleHomeFolder();
        using var project = new Project();
        home.WriteManifests("env: {LOG: debug}", Command($"{Works}\nexit 5"));
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", $"--cwd={project.Path}", "--yes", "--setup"]);
        Assert.That((code, error), Is.EqualTo((5, error)), output);
        Assert.That(output, Does.Contain("works in").And.Contain("left out: .env").And.Contain("LOOK").And.Contain("--target=Bring"));
        Assert.That(project.Status(), Is.Empty, "the person's own folder is as it was");
        Assert.That(await home.LeftAsync(), Is.Empty);
        var identity = Saved(home);
        (code, output, _) = await Cake.RunAsync(home, ["--target=Changes", $"--bottle={identity}", "--format=json"]);
        using var changes = JsonDocument.Parse(output);
        var files = changes.RootElement.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("path").GetString()!, file => file.GetProperty("flag").GetString());
        Assert.That(files.Keys, Is.SupersetOf(new[] { "a.txt", "binary", "closed/in.txt", "gone.txt", "inside", "many/299", "outside", "suid", ".vscode/tasks.json" }));
        Assert.That(files.Where(file => file.Value is not null).Select(file => file.Key), Is.EquivalentTo(new[] { "outside", ".vscode/tasks.json" }));
        Assert.That(files.Keys.Where(file => file.StartsWith("node_modules", StringComparison.Ordinal) || file.StartsWith(".git", StringComparison.Ordinal)), Is.Empty);
        Assert.That(changes.RootElement.GetProperty("left_behind").EnumerateArray().Select(left => left.GetProperty("path").GetString()), Is.EqualTo(new[] { "pipe" }));
        (code, _, error) = await Cake.RunAsync(home, ["--target=Bring", $"--bottle={identity}"]);
        Assert.That((code, error), Is.EqualTo((15, error)), "nobody has looked");
        (code, output, error) = await Cake.RunAsync(home, ["--target=Bring", $"--bottle={identity}", "--yes"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(File.ReadAllText(Path.Combine(project.Path, "a.txt")), Is.EqualTo("a\nagent\n"));
        Assert.That(File.GetUnixFileMode(Path.Combine(project.Path, "suid")) & UnixFileMode.SetUser, Is.EqualTo(UnixFileMode.None));
        Assert.That(Path.Exists(Path.Combine(project.Path, ".vscode")) || Path.Exists(Path.Combine(project.Path, ".git/hooks/post-checkout")) || Path.Exists(Path.Combine(project.Path, "outside")), Is.False);
    }

    [Test]
    public async Task Work_is_saved_when_a_signal_ends_the_run()
    {
        using var home = new BottleHomeFolder();
        using var project = new Project();
        home.WriteManifests("env: {LOG: debug}", Command($"{Works}\nsleep 300"));
        using var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", $"--cwd={project.Path}", "--yes", "--setup"]);
        await cake.SawAsync("ready-42");
        cake.SignalGroup(PosixSignal.SIGINT);
        Assert.That(await cake.ExitAsync(), Is.EqualTo(130), cake.All);
        Assert.That(Patch(home), Does.Contain("+agent"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Work_of_a_killed_run_is_saved_by_Cleanup_and_goes_on_with_Resume()
    {
        using var home = new BottleHomeFolder();
        using var project = new Project();
        home.WriteManifests("env: {LOG: debug}", Command($"cd /work/app; if [ -e ~/been ]; then grep -q agent a.txt && echo found-$((40+2)); else touch ~/been; {Works}\nfi; sleep 300"));
        string[] start = ["--target=Start", "--agent=scenario", $"--cwd={project.Path}", "--yes", "--setup"];
        using (var cake = Cake.Start(home, start))
        {
            await cake.SawAsync("ready-42");
            cake.KillGroup();
            await cake.ExitAsync();
        }
        var identity = new StateStore(home.Home, new CommandRunner()).ListIdentities().Single();
        using (var cake = Cake.Start(home, ["--target=Resume", $"--bottle={identity}", "--yes"]))
        {
            await cake.SawAsync("found-42");
            cake.KillGroup();
            await cake.ExitAsync();
        }
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(Patch(home), Does.Contain("+agent"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Work_that_cannot_be_saved_is_kept_and_named()
    {
        using var home = new BottleHomeFolder();
        using var project = new Project();
        home.WriteManifests("env: {LOG: debug}", Command($"{Works}\nwhile [ ! -e /work/app/go ]; do sleep 0.2; done"));
        using var cake = Cake.Start(home, ["--target=Start", "--agent=scenario", $"--cwd={project.Path}", "--yes", "--setup"]);
        await cake.SawAsync("ready-42");
        var identity = new StateStore(home.Home, new CommandRunner()).ListIdentities().Single();
        foreach (var target in new[] { "Cleanup", "Resume" })
        {
            var busy = await Cake.RunAsync(home, [$"--target={target}", $"--bottle={identity}"]);
            Assert.That(busy.Code, Is.EqualTo(13), busy.Error);
            Assert.That(busy.Error, Does.Contain("BTL3104").And.Contain($"--target=Stop --bottle={identity}"));
            Assert.That(busy.Output, Does.Not.Contain("✓ Preflight"), "it is refused before anything is asked");
        }
        var pack = Path.Combine(home.Home.State(identity), "work/baseline.pack");
        File.Move(pack, pack + ".away");
        await File.WriteAllTextAsync(Path.Combine(home.Home.State(identity), "agent/work/go"), "");
        Assert.That(await cake.ExitAsync(), Is.EqualTo(15), cake.All);
        Assert.That(cake.Error, Does.Contain("BTL5506").And.Contain("agent/work"));
        Assert.That(File.ReadAllText(Path.Combine(home.Home.State(identity), "agent/work/a.txt")), Does.Contain("agent"));
        foreach (var target in new[] { "Cleanup", "Stop" })
        {
            var refused = await Cake.RunAsync(home, [$"--target={target}", $"--bottle={identity}"]);
            Assert.That((refused.Code, Directory.Exists(home.Home.State(identity))), Is.EqualTo((15, true)), $"nor does {target} let it go by itself");
        }
        File.Move(pack + ".away", pack);
        var (code, output, error) = await Cake.RunAsync(home, ["--target=SaveWork", $"--bottle={identity}"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(Patch(home), Does.Contain("+agent"));
        await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Of_a_flood_of_files_what_fits_comes_home_and_what_does_not_is_named_and_kept_until_a_person_lets_it_go()
    {
        const int many = 20_000;
        using var home = new BottleHomeFolder();
        using var project = new Project();
        home.WriteManifests("env: {LOG: debug}", Command($"cd /work/app; echo agent >> a.txt; mkdir many ~/many node_modules; for f in $(seq {many}); do : > many/$f; : > ~/many/$f; : > node_modules/$f; done; truncate --size=2G huge"));
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", $"--cwd={project.Path}", "--yes", "--setup"]);
        Assert.That((code, error), Is.EqualTo((15, error)), output);
        Assert.That(error, Does.Contain("BTL5514").And.Contain("but for 1 new or large").And.Contain("agent/work"));
        Assert.That(output, Does.Contain("changed a.txt").And.Contain($"and {many + 1 - 15} more").And.Match("stays behind: huge .*1024 MiB"));
        var identity = Saved(home);
        var refused = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}"]);
        Assert.That((refused.Code, Directory.Exists(home.Home.State(identity))), Is.EqualTo((15, true)), "nor does Cleanup let it go by itself");
        (code, output, error) = await Cake.RunAsync(home, ["--target=Bring", $"--bottle={identity}", "--yes", "--format=json"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(Directory.GetFiles(Path.Combine(project.Path, "many")), Has.Length.EqualTo(many));
        (code, output, error) = await Cake.RunAsync(home, ["--target=Cleanup", $"--bottle={identity}", "--force=SaveWork"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_mounted_folder_is_written_at_once_but_for_what_the_host_would_run()
    {
        using var home = new BottleHomeFolder();
        using var project = new Project();
        Directory.CreateDirectory(Path.Combine(project.Path, ".vscode"));
        await project.GiveToAgentAsync();
        home.WriteManifests("env: {LOG: debug}", Command("cd /work/app; echo agent >> a.txt; for f in .git/hooks/pre-commit .git/config .git/commondir .vscode/tasks.json; do (echo evil > $f) 2>/dev/null && echo WR$((40+2))TE $f; done; mv .git .g 2>/dev/null && echo MO$((40+2))ED; exit 0"));
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", $"--mount={project.Path}", "--yes", "--setup"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(output, Does.Contain("MOUNTED READ-WRITE").And.Not.Contain("WR42TE").And.Not.Contain("MO42ED"));
        Assert.That(File.ReadAllText(Path.Combine(project.Path, "a.txt")), Is.EqualTo("a\nagent\n"));
        Assert.That(await home.LeftAsync(), Is.Empty);
        Assert.That(Directory.Exists(Path.Combine(home.Home.Root, "runs")) && Directory.EnumerateFiles(Path.Combine(home.Home.Root, "runs"), "work.patch", SearchOption.AllDirectories).Any(), Is.False);
    }

    [TestCase("memory: 256MB", "head -c 900M /dev/zero | tail", "out of memory")]
    [TestCase("pids: 64", "i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i+1)); done; exit 7", "out of processes")]
    [TestCase("disk: 64MB", "head -c 100M /dev/zero > ~/big; sleep 300", "out of disk")]
    public async Task Running_out_of_what_the_manifest_gives_is_named_at_the_end(string limit, string script, string says)
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests($"limits: {{{limit}}}", Command(script));
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"]);
        Assert.That((code, error), Is.Not.EqualTo((0, error)), output);
        Assert.That(output, Does.Contain(says).And.Match($@"limits at .*scenario\.md:2"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    private static string Command(string script) => $"[bash, -c, {JsonSerializer.Serialize(script)}]";

    private static string Saved(BottleHomeFolder home) => Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(home.Home.Root, "runs")).Single());

    private static string Patch(BottleHomeFolder home) => File.ReadAllText(Path.Combine(home.Home.Root, "runs", Saved(home), "work.patch"));
}
