using System.Net.Sockets;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Workspaces;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WorkspaceCopyTests : IDisposable
{
    private readonly WorkLab lab = new();

    public void Dispose() => lab.Dispose();

    private IReadOnlyList<string> Copied => [.. Directory.EnumerateFiles(lab.Work, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(lab.Work, file)).Where(path => !path.StartsWith(".git/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Test]
    public async Task Tracked_and_untracked_files_are_copied_and_ignored_ones_are_not()
    {
        lab.Write(".gitignore", "bin/\n");
        lab.Write("src/a.cs", "a");
        lab.Commit();
        lab.Write("new file.txt", "n");
        lab.Write("bin/a.dll", "x");
        var copied = await lab.CopyAsync();
        Assert.That(Copied, Is.EqualTo(new[] { ".gitignore", "new file.txt", "src/a.cs" }));
        Assert.That((copied.Files, copied.HasHistory), Is.EqualTo((3, true)));
        Assert.That(lab.GitIn(lab.Work, "status", "--porcelain"), Is.EqualTo("?? \"new file.txt\"\n"));
        Assert.That(lab.GitIn(lab.Work, "log", "--format=%s"), Is.EqualTo("first\n"));
    }

    [Test]
    public async Task Credentials_are_left_out_by_name_and_by_content_and_git_does_not_take_them_for_deleted()
    {
        lab.Write("a.txt", "a");
        lab.Write(".env.local", "TOKEN=x");
        lab.Write("deploy/id_ed25519", "k");
        lab.Write("notes.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n");
        lab.Write(".npmrc", "//registry.test/:_authToken=abc");
        lab.Commit();
        var copied = await lab.CopyAsync();
        Assert.That(Copied, Is.EqualTo(new[] { "a.txt" }));
        Assert.That(copied.LeftOut.Select(item => item.Path), Is.EqualTo(new[] { ".env.local", ".npmrc", "deploy/id_ed25519", "notes.txt" }));
        Assert.That(copied.TrackedSecrets, Has.Count.EqualTo(4), "their committed content is in the history, which is said");
        Assert.That(lab.GitIn(lab.Work, "status", "--porcelain"), Is.Empty);
    }

    [Test]
    public async Task Links_that_leave_pipes_and_sockets_are_reported_and_not_followed()
    {
        Directory.CreateDirectory(lab.Outside);
        File.WriteAllText(Path.Combine(lab.Outside, "secret"), "s");
        lab.Write("a.txt", "a");
        File.CreateSymbolicLink(Path.Combine(lab.Project, "inside"), "a.txt");
        File.CreateSymbolicLink(Path.Combine(lab.Project, "absolute"), Path.Combine(lab.Outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(lab.Project, "upwards"), "../outside");
        File.CreateSymbolicLink(Path.Combine(lab.Project, "roundabout"), "inside/../../outside");
        await lab.Runner.RunAsync(new Command("mkfifo", Path.Combine(lab.Project, "pipe")));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(lab.Project, "socket")));
        var copied = await lab.CopyAsync();
        Assert.That(Copied, Is.EqualTo(new[] { "a.txt", "inside" }));
        Assert.That(copied.LeftOut.Select(item => $"{item.Path}: {item.Reason}"), Is.EqualTo(new[]
        {
            "absolute: a link that leaves the directory", "pipe: a device, pipe or socket", "roundabout: a link that leaves the directory", "socket: a device, pipe or socket", "upwards: a link that leaves the directory",
        }));
    }

    [Test]
    public async Task The_copied_repository_has_no_hooks_includes_helpers_or_credentials_in_URLs()
    {
        lab.Write("a.txt", "a");
        lab.Commit();
        lab.Write(".git/hooks/post-checkout", "#!/bin/sh\ntouch /tmp/never\n");
        File.SetUnixFileMode(Path.Combine(lab.Project, ".git/hooks/post-checkout"), (UnixFileMode)0x1ED);
        lab.Git("remote", "add", "origin", "https://user:token@git.example.com/app.git?private_token=x");
        lab.Git("remote", "add", "gate", "git@git.example.com:app.git");
        lab.Write(".git/more", "[core]\n\tpager = false\n");
        lab.Git("config", "include.path", "more");
        lab.Git("config", "credential.helper", "!echo");
        lab.Git("config", "core.fsmonitor", "/bin/false");
        lab.Git("config", "url.https://x:y@z.example.com/.insteadOf", "z:");
        lab.Git("config", "filter.x.clean", "sh -c id");
        await lab.CopyAsync();
        var config = File.ReadAllText(Path.Combine(lab.Work, ".git/config"));
        Assert.That(config, Does.Contain("https://git.example.com/app.git\"").And.Contain("git@git.example.com:app.git"));
        Assert.That(config, Does.Not.Contain("token").And.Not.Contain("include").And.Not.Contain("credential").And.Not.Contain("fsmonitor").And.Not.Contain("insteadOf").And.Not.Contain("filter"));
        Assert.That(Directory.Exists(Path.Combine(lab.Work, ".git/hooks")), Is.False);
    }

    [Test]
    public async Task A_linked_worktree_becomes_a_repository_of_its_own_on_its_own_branch()
    {
        lab.Write("a.txt", "a");
        lab.Commit();
        lab.Git("worktree", "add", "-q", "-b", "side", lab.Outside);
        File.WriteAllText(Path.Combine(lab.Outside, "b.txt"), "b");
        await new Host.Workspaces.WorkspaceCopy(lab.Runner, _ => { }).RunAsync(lab.Outside, lab.State, null, 1 << 20, CancellationToken.None);
        Assert.That(Directory.Exists(Path.Combine(lab.Work, ".git")), Is.True);
        Assert.That(lab.GitIn(lab.Work, "rev-parse", "--abbrev-ref", "HEAD"), Is.EqualTo("side\n"));
        Assert.That(lab.GitIn(lab.Work, "status", "--porcelain"), Is.EqualTo("?? b.txt\n"));
    }

    [Test]
    public async Task A_submodule_and_a_nested_repository_are_left_out_by_name()
    {
        Directory.CreateDirectory(lab.Outside);
        File.WriteAllText(Path.Combine(lab.Outside, "lib.c"), "l");
        lab.GitIn(lab.Outside, "init", "-q");
        lab.GitIn(lab.Outside, "add", "-A");
        lab.GitIn(lab.Outside, "commit", "-q", "-m", "lib");
        lab.Write("a.txt", "a");
        lab.Commit();
        lab.Git("submodule", "--quiet", "add", lab.Outside, "lib");
        lab.Git("clone", "-q", lab.Outside, Path.Combine(lab.Project, "nested"));
        var copied = await lab.CopyAsync();
        Assert.That(copied.LeftOut.Select(item => item.Path), Is.EqualTo(new[] { "lib/", "nested/" }));
        Assert.That(Copied, Is.EqualTo(new[] { ".gitmodules", "a.txt" }));
    }

    [Test]
    public async Task A_directory_without_git_is_copied_whole()
    {
        lab.Write("a/b/c.txt", "c");
        lab.Write("node_modules/x.js", "x");
        var copied = await lab.CopyAsync();
        Assert.That((Copied, copied.HasHistory), Is.EqualTo((new[] { "a/b/c.txt", "node_modules/x.js" }, false)));
    }

    [Test]
    public async Task A_folder_inside_a_repository_comes_without_its_history_and_says_so()
    {
        lab.Write("part/a.txt", "a");
        lab.Commit();
        var copied = await new Host.Workspaces.WorkspaceCopy(lab.Runner, _ => { }).RunAsync(Path.Combine(lab.Project, "part"), lab.State, null, 1 << 20, CancellationToken.None);
        Assert.That((copied.HasHistory, copied.LeftOut.Single().Path), Is.EqualTo((false, ".git")));
        Assert.That(Copied, Is.EqualTo(new[] { "a.txt" }));
    }

    [Test]
    public void What_is_larger_than_the_agents_disk_is_refused_and_nothing_counts_as_copied()
    {
        lab.Write("a.bin", new string('x', 4096));
        Assert.That(async () => await lab.CopyAsync(mostBytes: 1024), Throws.TypeOf<BottleException>().With.Property("Diagnostics").With.One.Property("Code").EqualTo("BTL5504"));
        Assert.That(async () => await lab.SaveAsync(), Is.Null);
    }

    [TestCase("/", "BTL5502")]
    [TestCase("/nowhere/at/all", "BTL5501")]
    public void A_folder_that_is_no_project_is_refused(string directory, string code) =>
        Assert.That(() => Host.Workspaces.WorkspaceDirectory.Check(directory), Throws.TypeOf<BottleException>().With.Property("Diagnostics").With.One.Property("Code").EqualTo(code));

    [TestCase("https://user:token@h.example/a.git?x=y", "https://h.example/a.git")]
    [TestCase("https://h.example/a@b.git", "https://h.example/a@b.git")]
    [TestCase("ssh://git:pw@h.example/a.git", "ssh://git@h.example/a.git")]
    [TestCase("git@h.example:a.git", "git@h.example:a.git")]
    [TestCase("/srv/git/a.git", "/srv/git/a.git")]
    public void A_URL_loses_what_signs_in(string url, string expected) => Assert.That(Host.Workspaces.GitConfiguration.WithoutCredentials(url), Is.EqualTo(expected));
}
