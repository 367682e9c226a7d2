using System.Buffers.Binary;
using System.Diagnostics;
using Bottle.Host.Certificates;
using NUnit.Framework;

namespace Bottle.Host.Tests.Certificates;

[Parallelizable(ParallelScope.All)]
internal sealed class SshKeyTests
{
    [Test]
    public void The_public_line_is_type_and_key_each_with_its_length()
    {
        using var key = new SshKey();
        var parts = key.PublicLine.Split(' ');
        var blob = Convert.FromBase64String(parts[1]);
        Assert.That(parts[0], Is.EqualTo("ecdsa-sha2-nistp256"));
        Assert.That(blob, Has.Length.EqualTo(4 + 19 + 4 + 8 + 4 + 65));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(blob.AsSpan(35)), Is.EqualTo(65));
        Assert.That(blob[39], Is.EqualTo(4));
    }

    [Test]
    public void Ssh_reads_the_private_key_and_finds_the_same_public_one()
    {
        using var key = new SshKey();
        var file = Path.GetTempFileName(); // 0600
        try
        {
            File.WriteAllText(file, key.PrivatePem);
            using var keygen = Start(file);
            if (keygen is null)
                Assert.Ignore("there is no ssh-keygen here");
            Assert.That(keygen!.StandardOutput.ReadToEnd().Trim(), Is.EqualTo(key.PublicLine));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Process? Start(string file)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("ssh-keygen", ["-y", "-f", file]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
