using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// Opens every upstream connection by CONNECT through pipelock, port 80 too (pipelock would follow redirects of absolute-form requests itself). No name but pipelock's is ever resolved here.
/// </summary>
internal sealed class PipelockConnector
{
    private const int MaxHead = 8 * 1024;
    private const int MaxText = 300;

    private readonly EgressSettings _settings;

    public PipelockConnector(Authority pipelock, EgressSettings settings)
    {
        Pipelock = pipelock;
        _settings = settings;
        Pulse = new PipelockPulse(DialAsync, settings.PulseLimit);
    }

    /// <summary>The pipelock.</summary>
    public Authority Pipelock { get; }

    /// <summary>Whether it lives.</summary>
    public PipelockPulse Pulse { get; }

    /// <summary>
    /// A stream to the target, before TLS. Throws <see cref="UpstreamRefusedException"/> when pipelock refuses, <see cref="PipelockSilentException"/> when it does not live,
    /// <see cref="IOException"/> when it cannot be understood.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var socket = await ReachAsync(cancellation).ConfigureAwait(false);
        try
        {
            KeepAlive(socket);
            var stream = new NetworkStream(socket, ownsSocket: true);
            var name = string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port}");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n"), cancellation).ConfigureAwait(false);
            var answer = ReadAnswerAsync(stream, cancellation);
            // A late answer may be the upstream's fault, for which pipelock has ten seconds of its own.
            if (await IsLateAsync(answer).ConfigureAwait(false) && !await Pulse.IsAliveAsync().ConfigureAwait(false) && !answer.IsCompleted)
            {
                throw new PipelockSilentException();
            }
            await answer.ConfigureAwait(false);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<bool> IsLateAsync(Task answer)
    {
        await ((Task)answer.WaitAsync(_settings.Patience, RealTime.Clock)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !answer.IsCompleted;
    }

    private async Task<Socket> ReachAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_settings.Patience, RealTime.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await DialAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new PipelockSilentException(e);
        }
    }

    private async Task<Socket> DialAsync(CancellationToken cancellation)
    {
        var addresses = await _settings.Resolve(Pipelock.Host, cancellation).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SocketBuffers.Bound(socket);
        try
        {
            await socket.ConnectAsync(addresses, Pipelock.Port, cancellation).ConfigureAwait(false);
            return socket;
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
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(1), RealTime.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, moment.Token);
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
