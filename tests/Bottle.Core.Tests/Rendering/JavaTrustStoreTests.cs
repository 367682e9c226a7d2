using System.Buffers.Binary;
using System.Text;
using Bottle.Core.Rendering;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class JavaTrustStoreTests
{
    private static readonly byte[] Certificate = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];

    [Test]
    public void The_certificate_is_the_only_entry()
    {
        var store = JavaTrustStore.Render(Certificate);
        Assert.That(Convert.ToHexString(store, 0, 16), Is.EqualTo("FEEDFEED" + "00000002" + "00000001" + "00000002"));
        var start = store.Length - 20 - Certificate.Length;
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(store.AsSpan(start - 4)), Is.EqualTo(Certificate.Length));
        Assert.That(store[start..^20], Is.EqualTo(Certificate));
        Assert.That(Encoding.ASCII.GetString(store, start - 9, 5), Is.EqualTo("X.509"));
    }

    // The digest was computed by another program over the format's description; keytool takes the file.
    [Test]
    public void The_digest_is_the_one_that_Java_computes() =>
        Assert.That(Convert.ToHexString(JavaTrustStore.Render(Certificate).AsSpan()[^20..]), Is.EqualTo("6E331017697757672EB30AA9437115762725A571"));

    [Test]
    public void Equal_certificates_give_equal_bytes() => Assert.That(JavaTrustStore.Render(Certificate), Is.EqualTo(JavaTrustStore.Render(Certificate)));
}
