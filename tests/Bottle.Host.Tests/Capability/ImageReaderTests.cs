using System.Formats.Tar;
using System.Text;
using Bottle.Host.Capability;
using NUnit.Framework;

namespace Bottle.Host.Tests.Capability;

[Parallelizable(ParallelScope.All)]
public sealed class ImageReaderTests
{
    [Test]
    public async Task Packages_users_and_files_that_run_as_others_are_read_from_the_archive()
    {
        var snapshot = await ReadAsync(tar =>
        {
            Add(tar, "etc/passwd", "root:x:0:0\nagent:x:1000:1000\n");
            Add(tar, "etc/group", "root:x:0:\n");
            Add(tar, "var/lib/dpkg/status", "Package: jq\nStatus: install ok installed\nVersion: 1.6-2\n");
            Add(tar, "usr/bin/su", "x", UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Add(tar, "usr/bin/plain", "x", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        });
        Assert.That(snapshot.Packages, Is.EqualTo(new Dictionary<string, string> { ["jq"] = "1.6-2" }));
        Assert.That(snapshot.Users, Is.EquivalentTo(["root:x:0:0", "agent:x:1000:1000", "root:x:0:"]));
        Assert.That(snapshot.Setuid, Is.EqualTo(["/usr/bin/su 0:0 4500"]));
        Assert.That(snapshot.Bytes, Is.GreaterThan(60));
    }

    [Test]
    public async Task What_a_hostile_image_has_instead_is_left_out()
    {
        var snapshot = await ReadAsync(tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "etc/passwd") { LinkName = "/etc/shadow" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "var/lib/dpkg/status"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "dev/sda") { Mode = UnixFileMode.SetUser });
            Add(tar, "lib/apk/db/installed", "\0\u001b[2J\n\nP:\nV:");
        });
        Assert.That((snapshot.Users.Count, snapshot.Setuid.Count), Is.EqualTo((0, 0)));
    }

    private static async Task<Core.Capability.ImageSnapshot> ReadAsync(Action<TarWriter> write)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var tar = new TarWriter(File.Create(file)))
                write(tar);
            return await ImageReader.ReadAsync(file, CancellationToken.None);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Add(TarWriter tar, string name, string text, UnixFileMode mode = UnixFileMode.UserRead)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = mode });
    }
}
