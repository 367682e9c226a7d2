using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bottle.Egress.Tests;

/// <summary>Streams and large bodies: SPEC F8, attacks 14 and 16.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StreamingTests
{
    private const string Table = """
          - {host: pass.demo.test, methods: ["any"], inspect: false, websocket: true}
          - {host: seen.demo.test, methods: ["any"]}
          - {host: key.demo.test, inspect: false, websocket: true, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
        """;

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Heads_and_events_arrive_before_the_stream_ends(string version)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var next = new SemaphoreSlim(0);
        egress.Upstream.Handler = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                // Silent until the test has seen what came before.
                Assert.That(await next.WaitAsync(TimeSpan.FromSeconds(10)), Is.True, "the head did not arrive");
                await http.Response.WriteAsync($"data: {i}\n\n");
                await http.Response.Body.FlushAsync();
            }
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        using var response = await client.GetAsync(new Uri("https://pass.demo.test/events"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.That(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(5)), Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"data: {i}")));
            await reader.ReadLineAsync();
        }
        Assert.That(await reader.ReadLineAsync(), Is.Null);
    }

    [TestCase("1.1", "pass.demo.test")]
    [TestCase("2.0", "pass.demo.test")]
    [TestCase("1.1", "seen.demo.test")]
    public async Task Silence_longer_than_every_timeout_cuts_neither_a_held_call_nor_a_stream(string version, string host)
    {
        // The product's timeouts, of half a minute and more, shrunk to a second; the silence is longer than each, and than the two looks at pipelock that a late answer causes.
        var silence = TimeSpan.FromSeconds(6);
        await using var egress = await EgressHarness.StartAsync(Table, change: settings => settings with { HeadTimeout = TimeSpan.FromSeconds(1), StallTimeout = TimeSpan.FromSeconds(1) });
        egress.Upstream.Handler = async http =>
        {
            await Task.Delay(silence);
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: held\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(silence);
            await http.Response.WriteAsync("data: silent\n\n");
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        var text = await client.GetStringAsync(new Uri($"https://{host}/events"));
        Assert.That(text, Is.EqualTo("data: held\n\ndata: silent\n\n"));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task An_upload_arrives_while_it_is_sent(string version)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        var first = new TaskCompletionSource();
        egress.Upstream.Handler = async http =>
        {
            var buffer = new byte[5];
            await http.Request.Body.ReadExactlyAsync(buffer);
            first.SetResult();
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync(Encoding.ASCII.GetString(buffer));
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        using var content = new GatedContent(first.Task);
        using var response = await client.PostAsync(new Uri("https://pass.demo.test/up"), content);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Large_bodies_go_through_whole_in_both_directions()
    {
        const int size = 32 * 1024 * 1024;
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http =>
        {
            var total = 0L;
            var buffer = new byte[64 * 1024];
            while (await http.Request.Body.ReadAsync(buffer) is var read and > 0)
            {
                total += read;
            }
            http.Response.Headers["X-Total"] = total.ToString(CultureInfo.InvariantCulture);
            for (var sent = 0; sent < size; sent += buffer.Length)
            {
                await http.Response.Body.WriteAsync(buffer);
            }
        };
        using var client = egress.CreateHttpClient();
        using var response = await client.PostAsync(new Uri("https://pass.demo.test/big"), new ByteArrayContent(new byte[size]));
        Assert.That(response.Headers.GetValues("X-Total").Single(), Is.EqualTo(size.ToString(CultureInfo.InvariantCulture)));
        Assert.That((await response.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(size));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 200);
        Assert.That(((long?)line["bytes_in"], (long?)line["bytes_out"]), Is.EqualTo(((long?)size, (long?)size)));
    }

    [TestCase("pass.demo.test")]
    [TestCase("key.demo.test")]
    public async Task A_large_answer_goes_out_in_large_records(string host)
    {
        const int size = 4 * 1024 * 1024;
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http => http.Response.Body.WriteAsync(new byte[size]).AsTask();
        await using var client = await egress.OpenTunnelAsync(host);
        Assert.That((await client.AskAsync($"GET /big HTTP/1.1\r\nHost: {host}\r\n\r\n")).Body, Has.Length.EqualTo(size));
        // 256 would be full; an upstream that is slower than egress fills fewer.
        Assert.That(client.Records, Is.LessThan(700));
    }

    [Test]
    public async Task A_slow_reader_holds_its_upstream_back_and_nobody_else()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var sent = 0L;
        egress.Upstream.Handler = async http =>
        {
            if (http.Request.Path == "/small")
            {
                await http.Response.WriteAsync("ok");
                return;
            }
            var buffer = new byte[64 * 1024];
            for (var i = 0; i < 4096; i++)
            {
                await http.Response.Body.WriteAsync(buffer, http.RequestAborted);
                Interlocked.Add(ref sent, buffer.Length);
            }
        };
        await using var slow = await egress.OpenTunnelAsync("pass.demo.test");
        await slow.SendAsync("GET /big HTTP/1.1\r\nHost: pass.demo.test\r\n\r\n");
        var before = -1L;
        for (var i = 0; i < 100 && (before <= 0 || before != Interlocked.Read(ref sent)); i++)
        {
            before = Interlocked.Read(ref sent);
            await Task.Delay(200);
        }
        Assert.That(before, Is.GreaterThan(0).And.LessThan(64L * 1024 * 1024), "the upstream must wait for the reader, not fill the memory of egress");
        Assert.That((await egress.AskAsync("pass.demo.test", "GET /small")).Body, Is.EqualTo("ok"));
    }

    [Test]
    public async Task An_early_refusal_of_the_upstream_arrives_although_the_upload_goes_on()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = http =>
        {
            http.Response.StatusCode = 401;
            return http.Response.WriteAsync("no");
        };
        await using var client = await egress.OpenTunnelAsync("pass.demo.test");
        var response = await client.AskAsync("POST /up HTTP/1.1\r\nHost: pass.demo.test\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\nhello");
        Assert.That(response.Status, Is.AnyOf(100, 401));
        var final = response.Status == 100 ? await client.ReadAsync() : response;
        Assert.That((final.Status, final.Body), Is.EqualTo((401, "no")));
    }

    /// <summary>Sends five bytes, and the rest only when they have arrived.</summary>
    private sealed class GatedContent(Task gate) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("hello"u8.ToArray());
            await stream.FlushAsync();
            await gate.WaitAsync(TimeSpan.FromSeconds(10));
            await stream.WriteAsync(" world"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
