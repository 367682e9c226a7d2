using System.Text;
using Bottle.Egress.Policy;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Egress.Tests.Policy;

[Parallelizable(ParallelScope.All)]
public sealed class SecretMaskTests
{
    private const string Secret = "s3cr3t/with+odd=chars&\"x";

    private static readonly SecretMask Mask = new([Secret]);

    [Test]
    public void Every_known_spelling_is_masked_and_keeps_its_length()
    {
        var bytes = Encoding.ASCII.GetBytes(Secret);
        var spellings = new[]
        {
            Secret, Uri.EscapeDataString(Secret), string.Concat(bytes.Select(b => $"%{b:X2}")), string.Concat(bytes.Select(b => $"%{b:x2}")),
            Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Secret.Replace("\"", "\\\"", StringComparison.Ordinal),
        };
        foreach (var spelling in spellings)
        {
            Assert.That(MaskInPieces($"a {spelling} b", 1000), Is.EqualTo($"a {new string('*', spelling.Length)} b"), spelling);
        }
    }

    [TestCase("")]
    [TestCase("B")]
    [TestCase("Be")]
    [TestCase("Bearer ")]
    public void Base64_is_found_at_every_alignment(string before)
    {
        foreach (var after in new[] { "", "\n", "xy" })
        {
            var text = Convert.ToBase64String(Encoding.ASCII.GetBytes(before + Secret + after));
            foreach (var spelling in new[] { text, text.Replace('+', '-').Replace('/', '_') })
            {
                var masked = MaskInPieces(spelling, 7);
                // At most the characters shared with neighbours stay: less than two bytes of the secret on each side.
                Assert.That(masked.Count(c => c == '*'), Is.GreaterThanOrEqualTo((Secret.Length * 4 / 3) - 3), spelling);
            }
        }
    }

    [Test]
    public void However_a_stream_is_cut_the_result_is_the_same_and_the_secret_is_not_in_it()
    {
        var pieces = Gen.Elements(Secret, Secret[..5], Secret[5..], "s", "s3", "text ", Uri.EscapeDataString(Secret), "\n\n", Convert.ToBase64String(Encoding.ASCII.GetBytes(Secret)));
        var texts = Gen.Select(Gen.ArrayOf(pieces), parts => string.Concat(parts)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(texts, text =>
        {
            var whole = MaskInPieces(text, int.MaxValue);
            return whole.Length == text.Length && !whole.Contains(Secret, StringComparison.Ordinal)
                && new[] { 1, 2, 3, 7, 64 }.All(size => MaskInPieces(text, size) == whole)
                && text.Zip(whole).All(pair => pair.First == pair.Second || pair.Second == '*');
        }));
    }

    [Test]
    public void Nothing_is_held_back_at_the_end_of_an_event()
    {
        var state = 0;
        Assert.That(Mask.Apply(Encoding.ASCII.GetBytes("data: hello s3\n\n"), 0, ref state), Is.Zero);
        Assert.That(Mask.Apply(Encoding.ASCII.GetBytes("data: s3"), 0, ref state), Is.EqualTo(2));
    }

    [Test]
    public void Short_values_are_left_alone_because_they_are_in_every_text() =>
        Assert.That(new SecretMask(["abc"]).Apply("abcabc abc"), Is.EqualTo("abcabc abc"));

    [Test]
    public void The_longest_token_takes_kilobytes()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var mask = new SecretMask([string.Concat(Enumerable.Range(0, 1500).Select(i => (char)('a' + (i * 7 % 26))))]);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 * 1024 * 1024));
        Assert.That(mask.Apply("x"), Is.EqualTo("x"));
    }

    private static string MaskInPieces(string text, int size)
    {
        var input = Encoding.Latin1.GetBytes(text);
        var output = new MemoryStream();
        var buffer = Array.Empty<byte>();
        var state = 0;
        for (var i = 0; i < input.Length; i += Math.Min(size, input.Length))
        {
            var held = buffer.Length;
            buffer = [.. buffer, .. input.AsSpan(i, Math.Min(size, input.Length - i))];
            var keep = Mask.Apply(buffer, held, ref state);
            output.Write(buffer, 0, buffer.Length - keep);
            buffer = buffer[^keep..];
        }
        output.Write(buffer);
        return Encoding.Latin1.GetString(output.ToArray());
    }
}
