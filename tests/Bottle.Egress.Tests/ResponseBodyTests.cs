using System.IO.Compression;
using System.Text;
using Bottle.Egress.Policy;

namespace Bottle.Egress.Tests;

/// <summary>What an upstream has sent is on its way before egress waits for more, however it was cut into pieces.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ResponseBodyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Test]
    public async Task A_decoded_event_goes_out_however_its_bytes_come([Values("gzip", "deflate", "br")] string encoding, [Range(1, 12)] int last)
    {
        var text = "data: " + Convert.ToHexString(new byte[] { 7, 99, 3, 250, 17 }) + "\n\n";
        var compressed = Compress(encoding, text);
        await using var body = new CopiedAnswer(encoding, null, compressed[..^last], compressed[^last..]);
        Assert.That(await body.ReceiveAsync(text.Length), Is.EqualTo(text));
    }

    [Test]
    public async Task A_decoded_event_larger_than_a_batch_goes_out_to_its_last_byte([Values("gzip", "deflate", "br")] string encoding, [Values(65_536, 65_537, 65_700, 131_080, 300_000)] int length)
    {
        var text = new string('a', length);
        await using var body = new CopiedAnswer(encoding, null, Compress(encoding, text));
        Assert.That(await body.ReceiveAsync(length), Is.EqualTo(text));
    }

    [TestCase("gzip", 10)]
    [TestCase("gzip", 3)]
    [TestCase("br", 1)]
    public async Task The_head_does_not_wait_for_the_first_decoded_byte(string encoding, int length)
    {
        await using var body = new CopiedAnswer(encoding, null, Compress(encoding, "x")[..length]);
        await body.Started.WaitAsync(Limit);
    }

    [TestCase("a")]
    [TestCase("abab")]
    [TestCase("ababababa")]
    public async Task The_head_does_not_wait_for_what_could_become_a_secret(string beginning)
    {
        await using var body = new CopiedAnswer(null, new SecretMask(["abababababab"]), Encoding.ASCII.GetBytes(beginning));
        await body.Started.WaitAsync(Limit);
    }

    [Test]
    public async Task A_secret_that_comes_in_any_two_pieces_is_masked_and_nothing_else_is([Range(1, 19)] int at)
    {
        const string text = "ababababab and after"; // 20 bytes: the secret, and what is none
        await using var body = new CopiedAnswer(null, new SecretMask(["ababababab"]), Encoding.ASCII.GetBytes(text[..at]));
        await body.Idle.WaitAsync(Limit);
        body.Send(Encoding.ASCII.GetBytes(text[at..]));
        body.End();
        await body.Copied.WaitAsync(Limit);
        Assert.That(await body.ReceiveAsync(20), Is.EqualTo("********** and after"));
    }

    [Test]
    public async Task What_only_began_like_a_secret_reaches_the_agent_as_it_was([Range(1, 9)] int at)
    {
        await using var body = new CopiedAnswer(null, new SecretMask(["ababababab"]), Encoding.ASCII.GetBytes("ababababab"[..at]));
        await body.Idle.WaitAsync(Limit);
        body.Send("x"u8.ToArray());
        Assert.That(await body.ReceiveAsync(at + 1), Is.EqualTo("ababababab"[..at] + "x"));
    }

    [TestCase(null)]
    [TestCase("gzip")]
    public async Task What_the_mask_holds_back_goes_out_at_the_end(string? encoding)
    {
        var answer = encoding is null ? "hello abab"u8.ToArray() : Whole();
        await using var body = new CopiedAnswer(encoding, new SecretMask(["ababababab"]), answer);
        body.End();
        await body.Copied.WaitAsync(Limit);
        Assert.That(await body.ReceiveAsync(10), Is.EqualTo("hello abab"));

        static byte[] Whole()
        {
            var result = new MemoryStream();
            using (var compressor = new GZipStream(result, CompressionMode.Compress))
            {
                compressor.Write("hello abab"u8);
            }
            return result.ToArray();
        }
    }

    [Test]
    public async Task The_beginning_of_a_secret_does_not_go_out_when_the_upstream_breaks_off_in_it()
    {
        // The empty piece says that there is something to read, and then there is not.
        await using var body = new CopiedAnswer(null, new SecretMask(["ababababab"]), "hello ababab"u8.ToArray(), []);
        body.End(new IOException("broken off"));
        Assert.That(async () => await body.Copied.WaitAsync(Limit), Throws.InstanceOf<IOException>());
        body.CloseAgent();
        Assert.That(await body.ReceiveAsync(12), Is.EqualTo("hello "));
    }

    [Test]
    public async Task A_secret_over_the_end_of_a_full_batch_is_masked([Range(0, 12)] int before)
    {
        var filler = new string('.', 65_536 - before);
        await using var body = new CopiedAnswer(null, new SecretMask(["0123456789"]), Encoding.ASCII.GetBytes(filler + "0123456789 and after"));
        Assert.That(await body.ReceiveAsync(filler.Length + 20), Is.EqualTo(filler + "********** and after"));
    }

    [Test]
    public async Task The_beginning_of_a_secret_that_fills_a_batch_does_not_end_the_answer_as_if_it_were_whole()
    {
        var secret = new string('&', 16 * 1024);
        var echo = secret.Replace("&", "&amp;", StringComparison.Ordinal);
        await using var body = new CopiedAnswer(null, new SecretMask([secret]), Encoding.ASCII.GetBytes(echo));
        body.End();
        Assert.That(async () => await body.Copied.WaitAsync(Limit), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_compressed_answer_that_ends_too_early_is_broken_off([Values("gzip", "deflate", "br")] string encoding)
    {
        await using var body = new CopiedAnswer(encoding, null, Compress(encoding, "hello"));
        body.End();
        Assert.That(async () => await body.Copied.WaitAsync(Limit), Throws.InstanceOf<InvalidDataException>());
        Assert.That(await body.ReceiveAsync(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task An_answer_without_a_body_needs_none_that_is_compressed([Values("gzip", "deflate", "br")] string encoding)
    {
        await using var body = new CopiedAnswer(encoding, null);
        body.End();
        await body.Copied.WaitAsync(Limit);
    }

    [Test]
    public async Task What_a_decoder_gave_before_it_failed_reaches_the_agent()
    {
        await using var body = new CopiedAnswer("gzip", null, Compress("gzip", "hello"), [0xff, 0xff, 0xff, 0xff]);
        Assert.That(async () => await body.Copied.WaitAsync(Limit), Throws.InstanceOf<InvalidDataException>());
        Assert.That(await body.ReceiveAsync(5), Is.EqualTo("hello"));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    public async Task A_decoder_gives_its_memory_back_when_the_copy_ends(string encoding)
    {
        var body = new CopiedAnswer(encoding, null, Compress(encoding, "hello"));
        await using (body)
        {
            Assert.That(await body.ReceiveAsync(5), Is.EqualTo("hello"));
        }
        Assert.That(body.IsUpstreamDisposed, Is.True, "a decoder disposes of what it reads");
    }

    [Test, NonParallelizable]
    public async Task Streams_that_are_silent_hold_no_batch()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var silent = new List<CopiedAnswer>();
        for (var i = 0; i < 512; i++)
        {
            silent.Add(new CopiedAnswer(null, null, "event"u8.ToArray()));
            Assert.That(await silent[^1].ReceiveAsync(5), Is.EqualTo("event"));
        }
        // A batch for each would be 32 MiB.
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(16 * 1024 * 1024));
        foreach (var body in silent)
        {
            await body.DisposeAsync();
        }
    }

    private static byte[] Compress(string encoding, string text)
    {
        var result = new MemoryStream();
        using Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(result, CompressionMode.Compress),
            "br" => new BrotliStream(result, CompressionMode.Compress),
            _ => new ZLibStream(result, CompressionMode.Compress),
        };
        compressor.Write(Encoding.ASCII.GetBytes(text));
        // Flushed and not ended: an event, after which the upstream is silent.
        compressor.Flush();
        return result.ToArray();
    }
}
