using Bottle.Core.Diagnostics;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TokenDirectoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly string root;
    private readonly TokenDirectory tokens;

    public TokenDirectoryTests()
    {
        home = new BottleHome(Path.Combine(folder.Path, "home"));
        root = Path.Combine(folder.Path, "tokens");
        tokens = new TokenDirectory(home, "demo-k3x9a", root);
    }

    public void Dispose() => folder.Dispose();

    private static readonly Dictionary<string, string> Values = new() { ["EGRESS_TOKEN_1"] = "a\"ü" };

    [Test]
    public void The_file_is_private_in_private_folders_and_holds_the_values()
    {
        tokens.Write(Values, null);
        var file = Path.Combine(tokens.FullPath, "tokens.json");
        Assert.That(tokens.FullPath, Is.EqualTo(Path.Combine(root, home.Hash, "demo-k3x9a")));
        Assert.That(System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)), Is.EqualTo(Values));
        Assert.That(new[] { root, Path.Combine(root, home.Hash), tokens.FullPath, file }.Select(p => Convert.ToString((int)File.GetUnixFileMode(p), 8)), Is.EqualTo(new[] { "700", "700", "700", "600" }));
    }

    [Test]
    public void A_second_write_replaces_the_first()
    {
        tokens.Write(Values, null);
        tokens.Write(new Dictionary<string, string>(), null);
        Assert.That(File.ReadAllText(Path.Combine(tokens.FullPath, "tokens.json")), Is.EqualTo("{}"));
    }

    [TestCase("")]
    [TestCase("home")]
    [TestCase("identity")]
    public void A_planted_link_is_refused(string level)
    {
        var outside = Directory.CreateDirectory(Path.Combine(folder.Path, "outside"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var planted = level switch { "" => root, "home" => Path.Combine(root, home.Hash), _ => tokens.FullPath };
        if (level.Length > 0)
            Directory.CreateDirectory(Path.GetDirectoryName(planted)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateSymbolicLink(planted, outside);
        Assert.That(Assert.Throws<BottleException>(() => tokens.Write(Values, null))!.Diagnostics[0].Code, Is.EqualTo("BTL3105"));
        Assert.That(Directory.GetFileSystemEntries(outside), Is.Empty);
    }

    [Test]
    public void A_folder_that_others_can_read_is_refused()
    {
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        Assert.Throws<BottleException>(() => tokens.Write(Values, null));
    }

    [Test]
    public void Removal_is_idempotent_and_leaves_other_runs()
    {
        var other = new TokenDirectory(home, "demo-aaaaa", root);
        tokens.Write(Values, null);
        other.Write(Values, null);
        tokens.Remove();
        tokens.Remove();
        Assert.That((tokens.Exists, other.Exists), Is.EqualTo((false, true)));
        other.Remove();
        Assert.That(Directory.GetFileSystemEntries(root), Is.Empty);
    }

    [Test]
    public void Removal_through_a_planted_folder_removes_nothing()
    {
        var victim = Directory.CreateDirectory(Path.Combine(folder.Path, "victim/demo-k3x9a")).FullName;
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateSymbolicLink(Path.Combine(root, home.Hash), Path.GetDirectoryName(victim)!);
        tokens.Remove();
        Assert.That(Directory.Exists(victim));
    }

    [Test]
    public void The_default_place_is_memory() =>
        Assert.That(Mounts.IsMemory(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(new TokenDirectory(home, "demo-k3x9a").FullPath)!)!)!));

    [TestCase("/run/user/1000", true)]
    [TestCase("/run/user/1000/x", true)]
    [TestCase("/run/user/10001", false)]
    [TestCase("/run/user/1000/disk/x", false)]
    [TestCase("/home", false)]
    public void Memory_is_told_from_disk_by_the_closest_mount(string path, bool memory) => Assert.That(Mounts.IsMemory(path, [
        "/dev/vda / ext4 rw 0 0", "tmpfs /run/user/1000 tmpfs rw 0 0", "/dev/vdb /run/user/1000/disk ext4 rw 0 0"]), Is.EqualTo(memory));
}
