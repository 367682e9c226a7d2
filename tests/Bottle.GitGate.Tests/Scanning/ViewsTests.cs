using System.IO.Compression;
using System.Text;
using Bottle.GitGate.Scanning;

namespace Bottle.GitGate.Tests.Scanning;

[Parallelizable(ParallelScope.All)]
public sealed class ViewsTests
{
    private const string Secret = "token=abcdefghijklmnopqrstuvwxyz";

    private static bool Shows(byte[] content) => Views.Of(content).Any(view => Encoding.UTF8.GetString(view.Bytes.Span).Contains(Secret, StringComparison.Ordinal));

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }
        return memory.ToArray();
    }

    [Test]
    public void UTF_16_and_UTF_32_of_both_orders_are_read()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: false) })
        {
            Assert.That(Shows(encoding.GetBytes("x\n" + Secret)), encoding.EncodingName);
        }
    }

    [Test]
    public void Packing_inside_packing_is_opened_three_deep_and_no_deeper()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        Assert.That(Shows(Gzip(Gzip(Gzip(bytes)))));
        Assert.That(Shows(Gzip(Gzip(Gzip(Gzip(bytes))))), Is.False);
    }

    [Test]
    public void A_bomb_ends_at_its_limit()
    {
        var bomb = Gzip(new byte[Views.UnpackedLimit * 2]);
        Assert.That(Views.Of(bomb).Max(view => view.Bytes.Length), Is.LessThanOrEqualTo(Views.UnpackedLimit + 65536));
    }

    [Test]
    public void Damaged_packing_is_scanned_as_far_as_it_goes()
    {
        var half = Gzip(Encoding.UTF8.GetBytes(Secret + new string('x', 100000)))[..^8];
        Assert.That(Shows(half));
        Assert.That(() => Views.Of([(byte)'P', (byte)'K', 3, 4, 0, 0]).ToArray(), Throws.Nothing);
    }

    [Test]
    public void Base64_of_both_alphabets_wrapped_or_not_is_read_with_its_line()
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("??>>" + Secret + new string('~', 60)));
        var wrapped = string.Join("\n  ", encoded.Chunk(64).Select(chunk => new string(chunk)));
        foreach (var text in new[] { encoded, encoded.Replace('+', '-').Replace('/', '_').TrimEnd('='), wrapped })
        {
            var view = Views.Of(Encoding.UTF8.GetBytes("first\nsecond: " + text + "\n")).Single(view => view.Inside == "base64");
            Assert.That(Encoding.UTF8.GetString(view.Bytes.Span), Does.Contain(Secret));
            Assert.That(view.Lines![0], Is.EqualTo(2));
        }
    }

    [Test]
    public void Words_that_happen_to_be_base64_make_no_text() =>
        Assert.That(Views.Of(Encoding.UTF8.GetBytes("ThisIsALongCamelCaseIdentifierOfSomeClass and/some/long/path/to/a/file/somewhere")).Count(), Is.EqualTo(1));

    [Test]
    public void The_scanners_own_way_out_is_closed()
    {
        var view = Views.Of(Encoding.UTF8.GetBytes("a gitleaks:allow b gitleaks:allow")).First();
        Assert.That(Encoding.UTF8.GetString(view.Bytes.Span), Is.EqualTo("a gitleaks-allow b gitleaks-allow"));
    }

    [Test]
    public void No_content_breaks_the_views() => FsCheck.Check.QuickThrowOnFailure(FsCheck.Fluent.Prop.ForAll<byte[]>(content => content is null || Views.Of(content).Any()));
}
