using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests;

/// <summary>Streams, large bodies, WebSockets, and what inspected hosts cannot have: SPEC F8, attacks 14 to 16.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StreamingTests
{
    private const string Table = """
          - {host: pass.demo.test, methods: ["any"], inspect: false, websocket: true}
          - {host: plain.demo.test, methods: ["any"], inspect: false}
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

    [TestCase("pass.demo.test")]
    [TestCase("key.demo.test")]
    public async Task A_WebSocket_works_over_HTTP_1(string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = EchoWebSocketAsync;
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri($"wss://{host}/ws"), client, CancellationToken.None);
        Assert.That(await RoundTripAsync(socket, "hello"), Is.EqualTo("hello"));
        Assert.That(await RoundTripAsync(socket, new string('x', 100_000)), Has.Length.EqualTo(100_000));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 101);
        Assert.That((long?)line["bytes_in"], Is.GreaterThan(100_000));
    }

    [Test]
    public async Task A_WebSocket_works_over_HTTP_2()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = EchoWebSocketAsync;
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://pass.demo.test/ws"), client, CancellationToken.None);
        Assert.That(await RoundTripAsync(socket, "hello"), Is.EqualTo("hello"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Test]
    public async Task A_credential_that_a_WebSocket_echoes_is_masked()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http =>
        {
            using var socket = await AcceptAsync(http);
            await socket.SendAsync(Encoding.ASCII.GetBytes("you are " + http.Request.Headers.Authorization), WebSocketMessageType.Text, true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        };
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://key.demo.test/ws"), client, CancellationToken.None);
        var buffer = new byte[1024];
        var got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, got.Count), Is.EqualTo("you are Bearer " + new string('*', EgressHarness.Token.Length)));
    }

    [TestCase("plain.demo.test", 403, "BTL6011")]
    [TestCase("seen.demo.test", 426, "BTL6012")]
    public async Task A_WebSocket_is_refused_where_no_route_allows_it(string host, int status, string code)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync(host, "GET /ws\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        await egress.AssertRefusedAsync(response, status, code);
    }

    [Test]
    public async Task After_an_upstream_declines_a_WebSocket_the_connection_carries_requests_again()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("pass.demo.test");
        var declined = await client.AskAsync("GET /ws HTTP/1.1\r\nHost: pass.demo.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Assert.That((declined.Status, declined.Body), Is.EqualTo((200, "ok")));
        Assert.That((await client.AskAsync("GET /x HTTP/1.1\r\nHost: evil.test\r\n\r\n")).Status, Is.EqualTo(421), "what follows is a request and is judged");
    }

    [Test]
    public async Task An_inspected_host_gets_gzip_bodies_decoded_and_is_asked_for_plain_answers()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        using var content = new ByteArrayContent(Gzip(Encoding.ASCII.GetBytes("hello hello hello")));
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(new Uri("https://seen.demo.test/x"), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Body, seen.Headers.ContainsKey("Content-Encoding"), seen.Headers["Accept-Encoding"]), Is.EqualTo(("hello hello hello", false, "identity")));
    }

    [Test]
    public async Task A_host_on_passthrough_gets_everything_as_it_is()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("pass.demo.test", "POST /x\nContent-Encoding: gzip\nAccept-Encoding: zstd\nContent-Length: 3", "abc");
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Body, seen.Headers["Content-Encoding"], seen.Headers["Accept-Encoding"]), Is.EqualTo(("abc", "gzip", "zstd")));
    }

    [TestCase("Content-Length: 2000", "")]
    [TestCase("Transfer-Encoding: chunked", "7d0\r\n")]
    public async Task A_body_beyond_what_pipelock_scans_is_refused_and_names_the_way_out(string framing, string prefix)
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { InspectMaxBody = 1000 });
        var response = await egress.AskAsync("seen.demo.test", "POST /x\n" + framing, prefix + new string('x', 2000));
        Assert.That((response.Status, response.Code), Is.EqualTo((413, "BTL6013")), response.Head);
        Assert.That(response.Reason, Does.Contain("inspect: false"));
        Assert.That(egress.Upstream.Requests, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6013");
    }

    [Test]
    public async Task A_gzip_bomb_is_cut_off_at_the_same_limit()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var bomb = Gzip(new byte[64 * 1024 * 1024]);
        using var client = egress.CreateHttpClient();
        using var content = new ByteArrayContent(bomb);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(new Uri("https://seen.demo.test/x"), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    [TestCase("zstd", "abc", 415, "BTL6022")]
    [TestCase("gzip, gzip", "abc", 415, "BTL6022")]
    [TestCase("gzip", "abc", 400, "BTL6010")]
    public async Task A_body_that_cannot_be_scanned_is_refused(string encoding, string body, int status, string code)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync("seen.demo.test", $"POST /x\nContent-Encoding: {encoding}\nContent-Length: 3", body);
        Assert.That((response.Status, response.Code), Is.EqualTo((status, code)), response.Body);
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    private static HttpMessageInvoker CreateWebSocketInvoker(EgressHarness egress)
    {
        var policy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(egress.AgentTrust);
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://127.0.0.1:{egress.Server.Endpoint.Port}"),
            UseProxy = true,
            SslOptions = { CertificateChainPolicy = policy },
        });
    }

    private static async Task<WebSocket> AcceptAsync(HttpContext http)
    {
        var key = http.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        http.Response.StatusCode = 101;
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
#pragma warning disable CA5350 // RFC 6455 wants SHA-1.
        http.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key)));
#pragma warning restore CA5350
        var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
    }

    private static async Task EchoWebSocketAsync(HttpContext http)
    {
        using var socket = await AcceptAsync(http);
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task<string> RoundTripAsync(ClientWebSocket socket, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[64 * 1024];
        var answer = new StringBuilder();
        ValueWebSocketReceiveResult got;
        do
        {
            got = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, got.Count));
        }
        while (!got.EndOfMessage);
        return answer.ToString();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }
        return output.ToArray();
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
