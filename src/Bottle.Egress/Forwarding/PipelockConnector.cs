using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// Opens every upstream connection by CONNECT through pipelock, port 80 too (pipelock would follow redirects of absolute-form requests itself). No name but pipelock's is ever resolved here.
/// </summary>
internal sealed class PipelockConnector(Authority pipelock, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const int MaxHead = 8 * 1024;
    private const int MaxText = 300;

    /// <summary>The pipelock.</summary>
    public Authority Pipelock => pipelock;

    /// <summary>A stream to the target, before TLS. Throws <see cref="UpstreamRefusedException"/> when pipelock refuses, <see cref="IOException"/> when it cannot be understood.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket);
            await socket.ConnectAsync(await resolve(pipelock.Host, cancellation).ConfigureAwait(false), pipelock.Port, cancellation).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            var name = string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port}");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n"), cancellation).ConfigureAwait(false);
            await ReadAnswerAsync(stream, cancellation).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A silent stream is never cut, so a neighbour that is gone must be noticed by TCP.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    private static async Task ReadAnswerAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[MaxHead];
        var length = 0;
        var end = -1;
        while (end < 0)
        {
            var read = length == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("pipelock closed the connection before it answered CONNECT");
            }
            length += read;
            end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }
        var line = Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan().IndexOf("\r\n"u8));
        var parts = line.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new IOException("pipelock's answer to CONNECT is not HTTP");
        }
        if (status == 200)
        {
            // The client speaks first in TLS and HTTP: bytes here belong to nobody.
            if (length > end + 4)
            {
                throw new IOException("pipelock sent data before any was asked for");
            }
            return;
        }
        var text = buffer.AsMemory(end + 4, length - end - 4);
        throw new UpstreamRefusedException(status, await ReadTextAsync(stream, text, cancellation).ConfigureAwait(false));
    }

    /// <summary>The first line of the body: pipelock says there what it has against the host.</summary>
    private static async Task<string> ReadTextAsync(NetworkStream stream, ReadOnlyMemory<byte> start, CancellationToken cancellation)
    {
        var bytes = new byte[MaxText];
        var length = Math.Min(start.Length, bytes.Length);
        start[..length].CopyTo(bytes);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            while (length < bytes.Length && !bytes.AsSpan(0, length).Contains((byte)'\n')
                && await stream.ReadAsync(bytes.AsMemory(length), limit.Token).ConfigureAwait(false) is var read and > 0)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // What has come is enough.
        }
        return new string([.. Encoding.ASCII.GetString(bytes, 0, length).TakeWhile(c => c != '\n').Where(c => c is >= ' ' and <= '~')]);
    }
}
