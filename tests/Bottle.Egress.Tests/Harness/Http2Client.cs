using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bottle.Egress.Tests.Harness;

/// <summary>HTTP/2 frame by frame, for what no well-behaved client sends.</summary>
internal sealed class Http2Client : IAsyncDisposable
{
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));
    private Stream _stream = Stream.Null;

    public static async Task<Http2Client> OpenAsync(EgressHarness egress, string host)
    {
        var client = new Http2Client();
        await client._tcp.ConnectAsync(IPAddress.Loopback, egress.Server.Endpoint.Port);
        var network = client._tcp.GetStream();
        await network.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {host}:443 HTTP/1.1\r\n\r\n"));
        await RawResponse.ReadAsync(network, client._limit.Token);
        var tls = new SslStream(network);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(egress.AgentTrust);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy, ApplicationProtocols = [SslApplicationProtocol.Http2] });
        client._stream = tls;
        await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Settings, 0, 0, []);
        return client;
    }

    /// <summary>Literal header fields without indexing, no Huffman.</summary>
    public static byte[] Block(params (string Name, string Value)[] headers) =>
        [.. headers.SelectMany(h => new byte[] { 0, (byte)h.Name.Length }.Concat(Encoding.ASCII.GetBytes(h.Name)).Append((byte)h.Value.Length).Concat(Encoding.ASCII.GetBytes(h.Value)))];

    public async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame, _limit.Token);
    }

    /// <summary>The next frame that matters: HEADERS, RST_STREAM or GOAWAY; null when the connection has ended.</summary>
    public async Task<(byte Type, int Stream, byte[] Payload)?> ReadAsync()
    {
        try
        {
            while (true)
            {
                var head = new byte[9];
                await _stream.ReadExactlyAsync(head, _limit.Token);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await _stream.ReadExactlyAsync(payload, _limit.Token);
                if (head[3] is Headers or Reset or GoAway)
                {
                    return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
                }
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The :status at the start of a header block that Kestrel wrote.</summary>
    public static int StatusOf(byte[] block)
    {
        // A dynamic table size update may come first.
        var i = block.AsSpan().IndexOfAnyExceptInRange((byte)0x20, (byte)0x3f);
        return block[i] switch
        {
            0x88 => 200,
            0x8c => 400,
            0x8d => 404,
            0x8e => 500,
            _ => int.Parse(Encoding.ASCII.GetString(block, i + 2, 3), System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
        _limit.Dispose();
    }
}
