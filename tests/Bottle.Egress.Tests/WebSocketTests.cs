using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests;

/// <summary>WebSockets: SPEC F8, attack 15.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WebSocketTests
{
    private const string Table = """
          - {host: pass.demo.test, methods: ["any"], inspect: false, websocket: true}
          - {host: plain.demo.test, methods: ["any"], inspect: false}
          - {host: seen.demo.test, methods: ["any"]}
          - {host: key.demo.test, inspect: false, websocket: true, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
        """;

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

    [Test]
    public async Task A_message_that_ends_like_the_beginning_of_a_credential_does_not_wait_for_the_next_one([Values(0, 125, 200, 70_000)] int before)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = EchoWebSocketAsync;
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://key.demo.test/ws"), client, CancellationToken.None);
        foreach (var length in new[] { 1, 5, EgressHarness.Token.Length - 1, EgressHarness.Token.Length })
        {
            var message = new string('.', before) + EgressHarness.Token[..length];
            Assert.That(await RoundTripAsync(socket, message), Is.EqualTo(message.Replace(EgressHarness.Token, new string('*', EgressHarness.Token.Length), StringComparison.Ordinal)));
        }
    }

    [Test]
    public async Task A_credential_is_masked_wherever_its_frame_is_cut_into_pieces([Values(0, 125, 126, 70_000)] int before)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var text = new string('.', before) + EgressHarness.Token + " and after";
        var frame = Frame(text);
        var token = frame.Length - " and after".Length - EgressHarness.Token.Length;
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http => await SendPiecesAsync(http, frame[..1], frame[1..token], frame[token..(token + 1)], frame[(token + 1)..(token + 20)], frame[(token + 20)..]);
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://key.demo.test/ws"), client, CancellationToken.None);
        Assert.That(await ReceiveAsync(socket), Is.EqualTo(text.Replace(EgressHarness.Token, new string('*', EgressHarness.Token.Length), StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_credential_is_masked_in_a_frame_that_an_upstream_masks_against_the_rule()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        byte[] head = [0x81, (byte)(0x80 | EgressHarness.Token.Length), 0, 0, 0, 0];
        egress.Upstream.Handler = async http => await SendPiecesAsync(http, [.. head, .. Encoding.ASCII.GetBytes(EgressHarness.Token[..^4])], Encoding.ASCII.GetBytes(EgressHarness.Token[^4..]));
        Assert.That(await AskRawAsync(egress), Does.EndWith(new string('*', EgressHarness.Token.Length)));
    }

    [Test]
    public async Task A_frame_that_begins_like_the_rest_of_a_credential_passes()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http => await SendPiecesAsync(http, Frame(EgressHarness.Token[..^2]), Encoding.ASCII.GetBytes(EgressHarness.Token[^2..] + "more"));
        Assert.That(await AskRawAsync(egress), Does.EndWith(EgressHarness.Token + "more"));
    }

    [Test]
    public async Task The_beginning_of_a_credential_that_fills_the_buffer_cuts_the_WebSocket_and_the_log_says_why()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var token = new string('&', 16 * 1024);
        egress.WriteTokens(new Dictionary<string, string> { ["EGRESS_TOKEN_0"] = token });
        Assert.That(egress.Server.Policy.Reload(), Is.Null);
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http =>
        {
            using var socket = await AcceptAsync(http);
            await socket.SendAsync(Encoding.ASCII.GetBytes(token.Replace("&", "&amp;", StringComparison.Ordinal)), WebSocketMessageType.Text, true, CancellationToken.None);
        };
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://key.demo.test/ws"), client, CancellationToken.None);
        Assert.That(async () => await ReceiveAsync(socket), Throws.InstanceOf<WebSocketException>());
        await egress.Log.FindAsync(l => (string?)l["reason"] == "cut: the upstream's message has more of a credential than can be held back");
    }

    [Test]
    public async Task A_WebSocket_whose_upstream_stops_taking_frames_is_cut()
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: settings => settings with { UntakenTimeout = TimeSpan.FromMilliseconds(300) });
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http =>
        {
            using var socket = await AcceptAsync(http);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var socket = new ClientWebSocket();
        using var client = CreateWebSocketInvoker(egress);
        await socket.ConnectAsync(new Uri("wss://pass.demo.test/ws"), client, CancellationToken.None);
        Assert.That(async () =>
        {
            for (var piece = new byte[64 * 1024]; ;)
            {
                await socket.SendAsync(piece, WebSocketMessageType.Binary, true, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
            }
        }, Throws.InstanceOf<WebSocketException>());
        await egress.Log.FindAsync(l => (string?)l["reason"] == "cut: the upstream took nothing for too long");
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
        await client.RequestWebSocketAsync("pass.demo.test");
        var declined = await client.ReadAsync();
        Assert.That((declined.Status, declined.Body), Is.EqualTo((200, "ok")));
        Assert.That((await client.AskAsync("GET /x HTTP/1.1\r\nHost: evil.test\r\n\r\n")).Status, Is.EqualTo(421), "what follows is a request and is judged");
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

    private static async Task<WebSocket> AcceptAsync(HttpContext http) => WebSocket.CreateFromStream(await UpgradeAsync(http), new WebSocketCreationOptions { IsServer = true });

    private static Task<Stream> UpgradeAsync(HttpContext http)
    {
        var key = http.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        http.Response.StatusCode = 101;
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
#pragma warning disable CA5350 // RFC 6455 wants SHA-1.
        http.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key)));
#pragma warning restore CA5350
        return http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary>All that comes of a WebSocket, frames as they are.</summary>
    private static async Task<string> AskRawAsync(EgressHarness egress)
    {
        await using var client = await egress.OpenTunnelAsync("key.demo.test");
        await client.RequestWebSocketAsync("key.demo.test");
        return await client.ReadToEndAsync();
    }

    /// <summary>Sends each piece on its own, with a pause that makes it likely to come on its own, too.</summary>
    private static async Task SendPiecesAsync(HttpContext http, params byte[][] pieces)
    {
        await using var stream = await UpgradeAsync(http);
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            await Task.Delay(50);
        }
    }

    /// <summary>One text message in one frame, as an upstream sends it.</summary>
    private static byte[] Frame(string text)
    {
        byte[] length = text.Length switch
        {
            < 126 => [(byte)text.Length],
            <= ushort.MaxValue => [126, (byte)(text.Length >> 8), (byte)text.Length],
            _ => [127, 0, 0, 0, 0, (byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length],
        };
        return [0x81, .. length, .. Encoding.ASCII.GetBytes(text)];
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
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
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
}
