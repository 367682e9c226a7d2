using System.Net.Security;
using System.Text;

namespace Bottle.Egress.Tests;

/// <summary>Upstreams that fall silent in the middle of something: what they have sent by then is on its way.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SilentUpstreamTests
{
    private const string Table = """
          - {host: api.demo.test, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
          - {host: seen.demo.test}
        """;

    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Test]
    public async Task What_came_is_not_held_whatever_half_comes_behind_it(
        [Values("api.demo.test", "seen.demo.test")] string host,
        [Values(Chunked + "5\r\nhello", Chunked + "5\r\nhello\r", Chunked + "5\r\nhello\r\n", Chunked + "5\r\nhello\r\n5", Chunked + "5\r\nhello\r\n5\r\n", Chunked + "2\r\nhe\r\n3\r\nllo\r\n5;x=y\r\n",
            Chunked + "9\r\nhello", Chunked + "5\r\nhello\r\n0\r\n", Chunked + "5\r\nhello\r\n0\r\nX-Trailer: 1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello")] string answer)
    {
        await AssertArrivesAsync(host, (stream, cancellation) => stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellation).AsTask());
    }

    [Test]
    public Task Bytes_that_trickle_in_records_of_their_own_arrive_each()
    {
        return AssertArrivesAsync("api.demo.test", async (stream, cancellation) =>
        {
            foreach (var value in Encoding.ASCII.GetBytes(Chunked + "1\r\nh\r\n1\r\ne\r\n3\r\nllo"))
            {
                await stream.WriteAsync(new[] { value }, cancellation);
            }
        });
    }

    [TestCase("api.demo.test")]
    [TestCase("seen.demo.test")]
    public Task Empty_and_padded_frames_of_HTTP2_neither_hold_nor_end_an_answer(string host)
    {
        return AssertArrivesAsync(host, async (stream, cancellation) =>
        {
            byte[] empty = [0, 0, 0, 0, 0, 0, 0, 0, 1];
            await ReadRequestAsync(stream, cancellation);
            // SETTINGS, HEADERS with :status 200, and then a wait between the frames, so that each is seen alone.
            await stream.WriteAsync((byte[])[0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88], cancellation);
            foreach (var frame in new byte[][] { empty, empty, [0, 0, 3, 0, 0, 0, 0, 0, 1, .. "hel"u8], empty, empty, [0, 0, 3, 0, 8, 0, 0, 0, 1, 2, 0, 0], empty, [0, 0, 4, 0, 8, 0, 0, 0, 1, 1, .. "lo"u8, 0], empty, empty })
            {
                await Task.Delay(20, cancellation);
                await stream.WriteAsync(frame, cancellation);
            }
        }, SslApplicationProtocol.Http2);
    }

    /// <summary>Reads frames of HTTP/2 until one of them is HEADERS: an answer before it would be one to no request.</summary>
    private static async Task ReadRequestAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[9];
        await stream.ReadExactlyAsync(head.AsMemory(0, "SM\r\n\r\n".Length), cancellation);
        do
        {
            await stream.ReadExactlyAsync(head, cancellation);
            await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], cancellation);
        }
        while (head[3] != 1);
    }

    /// <summary>The upstream does its steps and is silent; "hello" must have reached the agent.</summary>
    private static async Task AssertArrivesAsync(string host, Func<Stream, CancellationToken, Task> steps, SslApplicationProtocol? protocol = null)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw(host, async (stream, cancellation) =>
        {
            await steps(stream, cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        }, protocol ?? SslApplicationProtocol.Http11);
        await using var client = await egress.OpenTunnelAsync(host);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        var text = new StringBuilder();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1024];
        while (!text.ToString().EndsWith("llo", StringComparison.Ordinal) && !text.ToString().EndsWith("lo\r\n", StringComparison.Ordinal))
        {
            var read = await client.Stream.ReadAsync(buffer, limit.Token);
            Assert.That(read, Is.GreaterThan(0), "the answer ended: " + text);
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        Assert.That(text.ToString(), Does.StartWith("HTTP/1.1 200"));
    }
}
