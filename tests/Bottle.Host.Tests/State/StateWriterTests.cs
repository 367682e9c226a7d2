using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string At(string relative) => Path.Combine(folder.Path, relative);

    [Test]
    public void Files_and_folders_get_their_modes_whatever_the_umask()
    {
        var writer = new StateWriter(folder.Path, null);
        writer.Write([new RenderedFile("egress/routes.yaml", "a\n"), new RenderedFile("docker-compose.yml", "b\n")]);
        writer.WriteSecret("egress/ca-key.pem", "key");
        writer.CreateDirectory("egress-log");
        Assert.That(new[] { "egress", "egress-log", "egress/routes.yaml", "egress/ca-key.pem" }.Select(p => Convert.ToString((int)File.GetUnixFileMode(At(p)), 8)),
            Is.EqualTo(new[] { "700", "700", "644", "600" }));
        Assert.That(File.ReadAllText(At("egress/routes.yaml")), Is.EqualTo("a\n"));
        Assert.That(Directory.GetFiles(At("egress"), ".*"), Is.Empty, "no temporary file stays");
    }

    [Test]
    public async Task What_containers_read_belongs_to_their_user_when_root_starts_them()
    {
        if (Environment.UserName != "root")
            Assert.Ignore("only root can give files away");
        var writer = new StateWriter(folder.Path, new RunAs(1234, 1235));
        writer.Write("egress/routes.yaml", "");
        writer.WriteSecret("egress/ca-key.pem", "");
        writer.Write("docker-compose.yml", "");
        var owners = await new CommandRunner().RunAsync(new Command("stat", "-c", "%u:%g", At("egress"), At("egress/routes.yaml"), At("egress/ca-key.pem"), At("docker-compose.yml")));
        Assert.That(owners.Output, Is.EqualTo("1234:1235\n1234:1235\n1234:1235\n0:0\n"));
    }

    [Test]
    public void A_link_among_the_folders_is_not_followed()
    {
        var outside = Directory.CreateDirectory(At("outside")).FullName;
        Directory.CreateSymbolicLink(At("egress"), outside);
        var e = Assert.Throws<BottleException>(() => new StateWriter(folder.Path, null).WriteSecret("egress/ca-key.pem", "key"));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL3103"));
        Assert.That(Directory.GetFileSystemEntries(outside), Is.Empty);
    }

    [Test]
    public void A_link_in_the_file_s_place_is_replaced_and_its_target_kept()
    {
        File.WriteAllText(At("target"), "old");
        Directory.CreateDirectory(At("egress"));
        File.CreateSymbolicLink(At("egress/routes.yaml"), At("target"));
        new StateWriter(folder.Path, null).Write("egress/routes.yaml", "new");
        Assert.That((File.ReadAllText(At("target")), File.ReadAllText(At("egress/routes.yaml"))), Is.EqualTo(("old", "new")));
    }

    [TestCase("../x")]
    [TestCase("a/../../x")]
    [TestCase("/etc/x")]
    [TestCase("a//b")]
    [TestCase("")]
    public void A_path_that_leaves_the_state_is_a_bug(string path) =>
        Assert.Throws<ArgumentException>(() => new StateWriter(folder.Path, null).Write(path, ""));

    [Test]
    public void A_write_that_fails_leaves_the_old_file_whole()
    {
        AtomicFile.Write(At("f"), "old", AtomicFile.Secret);
        var e = Assert.Throws<BottleException>(() => AtomicFile.Write(At("f"), stream =>
        {
            stream.Write("half of the n"u8);
            throw new IOException("No space left on device");
        }, AtomicFile.Secret));
        Assert.That((e!.Diagnostics[0].Code, e.Diagnostics[0].Why), Is.EqualTo(("BTL3106", "No space left on device")));
        Assert.That(File.ReadAllText(At("f")), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(new[] { At("f") }));
    }

    [Test]
    public void A_write_that_was_killed_before_the_rename_leaves_the_old_file_and_hinders_no_later_one()
    {
        AtomicFile.Write(At("f"), "old", AtomicFile.Secret);
        File.WriteAllText(At(".f.0123456789abcdef0123456789abcdef.tmp"), "half");
        Assert.That(File.ReadAllText(At("f")), Is.EqualTo("old"));
        AtomicFile.Write(At("f"), "new", AtomicFile.Secret);
        Assert.That(File.ReadAllText(At("f")), Is.EqualTo("new"));
    }

    [Test]
    public async Task Readers_see_the_old_or_the_new_file_and_never_a_part()
    {
        var texts = new[] { new string('a', 200_000), new string('b', 200_000) };
        AtomicFile.Write(At("f"), texts[0], AtomicFile.Secret);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var seen = 0;
            while (!stop.IsCancellationRequested || seen == 0)
            {
                Assert.That(texts, Does.Contain(File.ReadAllText(At("f"))));
                seen++;
            }
        });
        for (var i = 0; i < 30; i++)
            AtomicFile.Write(At("f"), texts[i % 2], AtomicFile.Secret);
        await stop.CancelAsync();
        await reader;
    }

    [Test]
    public void What_cannot_be_written_is_a_diagnostic_and_leaves_nothing()
    {
        Directory.CreateDirectory(At("egress/routes.yaml"));
        var e = Assert.Throws<BottleException>(() => new StateWriter(folder.Path, null).Write("egress/routes.yaml", "x"));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL3106"));
        Assert.That(Directory.GetFiles(At("egress")), Is.Empty);
    }
}
