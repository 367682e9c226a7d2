using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bottle.Egress.Tests.Harness;

/// <summary>An agent's connection to egress, byte by byte.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));
    private Stream _stream = Stream.Null;
    private RecordCounter? _records;

    public Stream Stream => _stream;

    /// <summary>The TLS records that have come.</summary>
    public int Records => _records?.Count ?? 0;

    public static async Task<RawClient> OpenAsync(IPEndPoint egress)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, egress.Port, client._limit.Token);
        client._stream = client._tcp.GetStream();
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        await _stream.WriteAsync(bytes, _limit.Token);
        await _stream.FlushAsync(_limit.Token);
    }

    public Task<RawResponse> ReadAsync() => RawResponse.ReadAsync(_stream, _limit.Token);

    public async Task<RawResponse> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReadAsync();
    }

    /// <summary>Asks a host for a WebSocket, inside its tunnel.</summary>
    public Task RequestWebSocketAsync(string host) =>
        SendAsync($"GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    /// <summary>CONNECT, which must succeed, then TLS with <paramref name="serverName"/> (default: the host).</summary>
    public async Task StartTlsAsync(string authority, X509Certificate2 trusted, string? serverName = null)
    {
        var answer = await AskAsync($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        _records = new RecordCounter(_tcp.Client);
        var tls = new SslStream(_records, leaveInnerStreamOpen: false);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusted);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = serverName ?? authority[..authority.LastIndexOf(':')],
            CertificateChainPolicy = policy,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        }, _limit.Token);
        _stream = tls;
    }

    /// <summary>All that comes until the other side closes or breaks off.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, _limit.Token) is var read and > 0)
            {
                bytes.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // Reset: what came before counts.
        }
        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    /// <summary>Whether the other side closes, soon.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            await ReadToEndAsync();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
        _limit.Dispose();
    }
}
