using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using Bottle.Host.Workspaces;
using NUnit.Framework;

namespace Bottle.Host.Tests.Workspaces;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WorkSaverTests : IDisposable
{
    private readonly WorkLab lab = new();

    public void Dispose() => lab.Dispose();

    [Test]
    public async Task Every_kind_of_change_comes_home_byte_for_byte()
    {
        lab.Write("text.txt", "one\ntwo\nthree\n");
        lab.Write("windows.txt", "a\r\nb\r\n");
        lab.Write("gone.txt", "x\n");
        lab.Write("script.sh", "#!/bin/sh\n");
        lab.Write("same.txt", "s\n");
        File.WriteAllBytes(Path.Combine(lab.Project, "picture"), [0, 1, 2, 255, 10, 13]);
        lab.Commit();
        await lab.CopyAsync();
        lab.AgentWrites("text.txt", "one\n2\nthree\nfour");
        lab.AgentWrites("windows.txt", "a\r\nB\r\n");
        File.Delete(Path.Combine(lab.Work, "gone.txt"));
        File.SetUnixFileMode(Path.Combine(lab.Work, "script.sh"), (UnixFileMode)0x1ED);
        File.WriteAllBytes(Path.Combine(lab.Work, "picture"), [0, 9, 9, 255, 0, 13, 7]);
        lab.AgentWrites("new \"quoted\"\tand\nbroken ü.txt", "diff --git a/x b/x\n");
        File.CreateSymbolicLink(Path.Combine(lab.Work, "link"), "text.txt");
        File.SetLastWriteTimeUtc(Path.Combine(lab.Work, "same.txt"), DateTime.UnixEpoch);
        var saved = (await lab.SaveAsync())!;
        Assert.That(saved.Files.Select(file => $"{file.Change} {file.Path}"), Is.EquivalentTo(new[]
        {
            "deleted gone.txt", "added link", "added new \"quoted\"\tand\nbroken ü.txt", "changed picture", "changed script.sh", "changed text.txt", "changed windows.txt",
        }));
        var selection = await lab.BringAsync();
        Assert.That(selection.LeftOut, Is.Empty);
        Assert.That(lab.Read("text.txt"), Is.EqualTo("one\n2\nthree\nfour"));
        Assert.That(lab.Read("windows.txt"), Is.EqualTo("a\r\nB\r\n"));
        Assert.That(File.Exists(Path.Combine(lab.Project, "gone.txt")), Is.False);
        Assert.That(File.GetUnixFileMode(Path.Combine(lab.Project, "script.sh")).HasFlag(UnixFileMode.UserExecute), Is.True);
        Assert.That(File.ReadAllBytes(Path.Combine(lab.Project, "picture")), Is.EqualTo(new byte[] { 0, 9, 9, 255, 0, 13, 7 }));
        Assert.That(lab.Read("new \"quoted\"\tand\nbroken ü.txt"), Is.EqualTo("diff --git a/x b/x\n"));
        Assert.That(new FileInfo(Path.Combine(lab.Project, "link")).LinkTarget, Is.EqualTo("text.txt"));
    }

    [Test]
    public async Task What_the_repository_ignores_stays_behind_whatever_the_agent_writes_into_gitignore()
    {
        lab.Write(".gitignore", "node_modules/\n*.log\n");
        lab.Write("a.txt", "a\n");
        lab.Commit();
        await lab.CopyAsync();
        lab.AgentWrites(".gitignore", "*\n");
        lab.AgentWrites("node_modules/deep/er/x.js", "x");
        lab.AgentWrites("src/debug.log", "l");
        lab.AgentWrites("src/new.cs", "n");
        var saved = (await lab.SaveAsync())!;
        Assert.That(saved.Files.Select(file => file.Path), Is.EqualTo(new[] { ".gitignore", "src/new.cs" }));
        Assert.That(saved.Ignored, Is.EqualTo(2), "a folder counts once");
    }

    [Test]
    public async Task Hostile_things_are_named_and_followed_by_nobody()
    {
        Directory.CreateDirectory(lab.Outside);
        File.WriteAllText(Path.Combine(lab.Outside, "secret"), "top secret");
        lab.Write("folder/a.txt", "a\n");
        lab.Write("b.txt", "b\n");
        lab.Write("c.txt", "c\n");
        await lab.CopyAsync();
        Directory.Delete(Path.Combine(lab.Work, "folder"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(lab.Work, "folder"), lab.Outside);
        File.Delete(Path.Combine(lab.Work, "b.txt"));
        File.CreateSymbolicLink(Path.Combine(lab.Work, "b.txt"), Path.Combine(lab.Outside, "secret"));
        File.Delete(Path.Combine(lab.Work, "c.txt"));
        await lab.Runner.RunAsync(new Command("mkfifo", Path.Combine(lab.Work, "c.txt"), Path.Combine(lab.Work, "pipe")));
        lab.AgentWrites("sub/.git/config", "[core]\n\tfsmonitor = touch /tmp/never\n");
        lab.AgentWrites(".GIT/hooks/x", "x");
        lab.AgentWrites("suid", "x");
        File.SetUnixFileMode(Path.Combine(lab.Work, "suid"), (UnixFileMode)0x9ED);
        lab.AgentWrites("closed/in.txt", "in\n");
        File.SetUnixFileMode(Path.Combine(lab.Work, "closed/in.txt"), UnixFileMode.None);
        File.SetUnixFileMode(Path.Combine(lab.Work, "closed"), UnixFileMode.None);
        var saved = (await lab.SaveAsync())!;
        Assert.That(lab.Patch, Does.Not.Contain("top secret").And.Not.Contain("fsmonitor"));
        Assert.That(saved.LeftBehind.Select(item => item.Path), Is.EquivalentTo(new[] { "c.txt", "pipe", "sub/.git", ".GIT" }));
        Assert.That(saved.SetId, Is.EqualTo(1));
        Assert.That(saved.Files.Where(file => file.Flag is not null).Select(file => file.Path), Is.EquivalentTo(new[] { "b.txt", "folder" }));
        Assert.That(saved.Files.Select(file => file.Path), Does.Contain("closed/in.txt").And.Contain("folder/a.txt").And.Contain("suid"));
        await lab.BringAsync();
        Assert.That(File.ReadAllText(Path.Combine(lab.Outside, "secret")), Is.EqualTo("top secret"));
        Assert.That(File.GetUnixFileMode(Path.Combine(lab.Project, "suid")) & UnixFileMode.SetUser, Is.EqualTo(UnixFileMode.None));
    }

    [Test]
    public async Task What_the_host_would_run_is_left_out_unless_it_is_named()
    {
        lab.Write("package.json", "{\"scripts\": {\"test\": \"true\"}}\n");
        lab.Write("app.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">\n</Project>\n");
        lab.Write("lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">\n</Project>\n");
        lab.Commit();
        await lab.CopyAsync();
        lab.AgentWrites("package.json", "{\"scripts\": {\"test\": \"true\", \"postinstall\": \"sh evil\"}}\n");
        lab.AgentWrites("app.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">\n<Target Name=\"x\" BeforeTargets=\"Build\"><Exec Command=\"id\" /></Target></Project>\n");
        lab.AgentWrites("lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">\n<ItemGroup><PackageReference Include=\"X\" /></ItemGroup></Project>\n");
        lab.AgentWrites(".vscode/tasks.json", "{}\n");
        lab.AgentWrites(".github/workflows/ci.yml", "on: push\n");
        lab.AgentWrites(".envrc", "id\n");
        lab.AgentWrites("deep/Directory.Build.targets", "<Project/>\n");
        lab.AgentWrites("ok.txt", "ok\n");
        var selection = await WithPatchAsync(".vscode/");
        Assert.That(selection.LeftOut.Select(file => file.Path), Is.EquivalentTo(new[] { "package.json", "app.csproj", ".github/workflows/ci.yml", ".envrc", "deep/Directory.Build.targets" }));
        Assert.That(selection.Files.Select(file => file.Path), Is.EquivalentTo(new[] { "lib.csproj", ".vscode/tasks.json", "ok.txt" }));
        Assert.That(lab.Git("status", "--porcelain", "-uall"), Is.EqualTo(" M lib.csproj\n?? .vscode/tasks.json\n?? ok.txt\n"));
        Assert.That(async () => await lab.BringAsync("nothing.txt"), Throws.TypeOf<BottleException>().With.Property("Diagnostics").With.One.Property("Code").EqualTo("BTL5511"));
    }

    [Test]
    public async Task A_patch_that_does_not_fit_any_more_writes_nothing_and_one_beside_the_persons_own_work_fits()
    {
        lab.Write("a.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"line {i}\n")));
        lab.Write("b.txt", "b\n");
        lab.Commit();
        await lab.CopyAsync();
        lab.AgentWrites("a.txt", lab.Read("a.txt").Replace("line 3\n", "agent\n", StringComparison.Ordinal));
        lab.AgentWrites("b.txt", "agent\n");
        await lab.SaveAsync();
        lab.Write("a.txt", lab.Read("a.txt").Replace("line 35\n", "person\n", StringComparison.Ordinal));
        lab.Write("b.txt", "person\n");
        Assert.That(async () => await lab.BringAsync(), Throws.TypeOf<BottleException>().With.Property("Diagnostics").With.One.Property("Code").EqualTo("BTL5508"));
        Assert.That(lab.Read("a.txt"), Does.Not.Contain("agent"));
        lab.Write("b.txt", "b\n");
        await lab.BringAsync();
        Assert.That(lab.Read("a.txt"), Does.Contain("agent").And.Contain("person"));
    }

    [Test]
    public async Task What_was_brought_before_is_there_already_and_a_part_of_it_is_not_taken_for_the_whole()
    {
        lab.Write("a.txt", "a\n");
        lab.Write("b.txt", "b\n");
        await lab.CopyAsync();
        lab.AgentWrites("a.txt", "agent\n");
        lab.AgentWrites("b.txt", "agent\n");
        await lab.SaveAsync();
        Assert.That((await lab.BringAsync()).IsThere, Is.False);
        Assert.That((await lab.BringAsync()).IsThere, Is.True);
        lab.Write("b.txt", "b\n");
        var refused = (await Assert.ThrowsAsync<BottleException>(async () => await lab.BringAsync()))!.Diagnostics.Single();
        Assert.That(refused.Code, Is.EqualTo("BTL5508"));
        Assert.That(refused.Fix, Does.Contain("git apply --reject '").And.Contain("bring.patch"));
    }

    [Test]
    public async Task A_link_in_the_persons_directory_is_not_written_through()
    {
        Directory.CreateDirectory(lab.Outside);
        lab.Write("src/a.txt", "a\n");
        await lab.CopyAsync();
        lab.AgentWrites("src/new.txt", "n\n");
        await lab.SaveAsync();
        Directory.Delete(Path.Combine(lab.Project, "src"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(lab.Project, "src"), lab.Outside);
        Assert.That(async () => await lab.BringAsync(), Throws.TypeOf<BottleException>());
        Assert.That(Directory.EnumerateFileSystemEntries(lab.Outside), Is.Empty);
    }

    [Test]
    public async Task Of_more_than_is_taken_home_a_part_is_saved_and_the_rest_is_counted_and_named()
    {
        lab.Write("a.txt", "a\n");
        lab.Write("gone.txt", "g\n");
        lab.Write("many/known.txt", "k\n");
        await lab.CopyAsync();
        lab.AgentWrites("a.txt", "agent\n");
        lab.AgentWrites("many/known.txt", "agent\n");
        File.Delete(Path.Combine(lab.Work, "gone.txt"));
        for (var i = 0; i < 60; i++)
            lab.AgentWrites($"many/{i}.txt", "x");
        Directory.CreateDirectory(Path.Combine(lab.Work, "many/folder"));
        var saved = (await lab.SaveAsync(new WorkLimits(NewFiles: 50)))!;
        Assert.That(saved.Files.Select(file => file.Path), Is.SupersetOf(new[] { "a.txt", "gone.txt", "many/known.txt" }), "what the operator has is compared whole");
        Assert.That(saved.Files.Count(file => file.Change == "added"), Is.EqualTo(50).Or.EqualTo(49), "a folder counts as a file does");
        Assert.That((saved.NotTaken, saved.LeftBehind), Is.EqualTo((11, new[] { new LeftOut("many/", "11 new files or folders in it are more than is taken home") })));
        var refused = Assert.Throws<BottleException>(() => WorkSaver.RequireWhole(lab.State, saved))!.Diagnostics[0];
        Assert.That((refused.Code, refused.Why), Is.EqualTo(("BTL5514", $"nothing of them is lost: they are kept in {lab.Work}; dotnet cake --target=Changes --bottle={WorkLab.Identity} names where they lie")));
        Assert.That(() => WorkSaver.RequireWhole(lab.State, saved with { NotTaken = 0 }), Throws.Nothing);
        await lab.BringAsync();
        Assert.That(lab.Read("many/known.txt"), Is.EqualTo("agent\n"), "the part comes home");
    }

    [Test]
    public async Task A_file_that_is_too_large_stays_alone()
    {
        lab.Write("a.txt", "a\n");
        lab.Write("big.txt", new string('b', 200));
        lab.Write("gone.txt", new string('g', 200));
        await lab.CopyAsync();
        lab.AgentWrites("a.txt", "agent\n");
        lab.AgentWrites("big.txt", new string('c', 200));
        lab.AgentWrites("new.txt", new string('n', 200));
        File.Delete(Path.Combine(lab.Work, "gone.txt"));
        var saved = (await lab.SaveAsync(new WorkLimits(Bytes: 100)))!;
        Assert.That(saved.Files.Select(file => file.Path), Is.EqualTo(new[] { "a.txt" }));
        Assert.That((saved.NotTaken, saved.LeftBehind.Select(left => left.Path)), Is.EqualTo((3, new[] { "big.txt", "new.txt", "gone.txt" })));
        Assert.That(Directory.EnumerateDirectories(lab.State["work"]), Is.Empty, "what was begun is gone");
    }

    [Test]
    public async Task Files_that_the_repository_ignores_use_up_no_room_however_many_they_are()
    {
        lab.Write(".gitignore", "*.o\n");
        lab.Commit();
        await lab.CopyAsync();
        for (var i = 0; i < 200; i++)
            lab.AgentWrites($"{i}.o", "");
        lab.AgentWrites("new.txt", "n\n");
        var saved = (await lab.SaveAsync(new WorkLimits(NewFiles: 50)))!;
        Assert.That((saved.Files.Select(file => file.Path), saved.Ignored, saved.NotTaken), Is.EqualTo((new[] { "new.txt" }, 200, 0)));
    }

    [Test]
    public async Task However_many_things_stay_behind_a_thousand_are_named()
    {
        lab.Write("a.txt", "a\n");
        await lab.CopyAsync();
        Directory.CreateDirectory(Path.Combine(lab.Work, "r"));
        for (var i = 0; i < 1100; i++)
            Directory.CreateDirectory(Path.Combine(lab.Work, "r", $"{i}", ".git"));
        var saved = (await lab.SaveAsync())!;
        Assert.That((saved.LeftBehind.Count, saved.Unnamed, saved.NotTaken), Is.EqualTo((1000, 100, 0)));
    }

    [Test]
    public async Task A_folder_inside_a_repository_gets_its_changes_too()
    {
        lab.Write("part/a.txt", "a\n");
        lab.Commit();
        await new WorkspaceCopy(lab.Runner, _ => { }).RunAsync(Path.Combine(lab.Project, "part"), lab.State, null, 1 << 20, CancellationToken.None);
        lab.AgentWrites("a.txt", "agent\n");
        await lab.SaveAsync();
        await lab.BringAsync();
        Assert.That(lab.Read("part/a.txt"), Is.EqualTo("agent\n"));
    }

    [Test]
    public async Task A_file_that_became_a_link_and_a_link_that_became_a_file_are_one_change_each()
    {
        lab.Write("a.txt", "a\n");
        lab.Write("z.txt", "z\n");
        File.CreateSymbolicLink(Path.Combine(lab.Project, "l"), "a.txt");
        await lab.CopyAsync();
        File.Delete(Path.Combine(lab.Work, "l"));
        lab.AgentWrites("l", "file\n");
        File.Delete(Path.Combine(lab.Work, "a.txt"));
        File.CreateSymbolicLink(Path.Combine(lab.Work, "a.txt"), "z.txt");
        lab.AgentWrites("z.txt", "zz\n");
        var saved = (await lab.SaveAsync())!;
        Assert.That(saved.Files.Select(file => $"{file.Change} {file.Path}"), Is.EqualTo(new[] { "changed a.txt", "changed l", "changed z.txt" }));
        await lab.BringAsync();
        Assert.That((lab.Read("l"), new FileInfo(Path.Combine(lab.Project, "a.txt")).LinkTarget, lab.Read("z.txt")), Is.EqualTo(("file\n", "z.txt", "zz\n")));
    }

    [Test]
    public async Task Nothing_changed_is_an_empty_patch_and_records_are_the_operators_alone()
    {
        lab.Write("a.txt", "a\n");
        await lab.CopyAsync();
        Assert.That((await lab.SaveAsync())!.Files, Is.Empty);
        foreach (var file in Directory.EnumerateFiles(lab.Home.Runs(WorkLab.Identity)))
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    private async Task<WorkSelection> WithPatchAsync(params string[] included)
    {
        await lab.SaveAsync();
        return await lab.BringAsync(included);
    }
}
