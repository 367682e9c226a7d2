using System.Diagnostics;
using System.Net.Sockets;

namespace Bottle.GitGate.Serving;

/// <summary>Joins a client's socket and a git process. A client that goes away or stops reading never kills a push half-way: the process's output is then read and dropped until it ends by itself.</summary>
internal sealed class Relay(Socket socket, Process process, PushReply? reply)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StalledReader = TimeSpan.FromMinutes(2);
    private long _lastActivity = Stopwatch.GetTimestamp();

    /// <summary>Whether the client left before the process had said everything.</summary>
    public bool ClientLeft { get; private set; }

    /// <summary>Bytes from the client.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes to the client.</summary>
    public long Sent { get; private set; }

    /// <summary>Copies both ways until the process has ended.</summary>
    /// <param name="killWhenLeft">Whether the process is of no use without its client (a fetch).</param>
    public async Task RunAsync(bool killWhenLeft)
    {
        using var ended = new CancellationTokenSource();
        var up = CopyUpAsync(ended.Token);
        await CopyDownAsync(killWhenLeft);
        await process.WaitForExitAsync(CancellationToken.None);
        await ended.CancelAsync();
        await up;
    }

    private async Task CopyUpAsync(CancellationToken ended)
    {
        var input = process.StandardInput.BaseStream;
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var read = await ReceiveAsync(buffer, ended);
                if (read == 0)
                {
                    break;
                }
                Received += read;
                _lastActivity = Stopwatch.GetTimestamp();
                await input.WriteAsync(buffer.AsMemory(0, read), ended);
                await input.FlushAsync(ended);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the process has ended: in both cases there is nothing more to copy.
        }
        try
        {
            input.Close();
        }
        catch (IOException)
        {
            // The process closed its end first.
        }
    }

    // Zero when the client is done, or silent while nothing goes the other way either.
    private async Task<int> ReceiveAsync(byte[] buffer, CancellationToken ended)
    {
        var receive = socket.ReceiveAsync(buffer, SocketFlags.None, ended).AsTask();
        while (await Task.WhenAny(receive, Task.Delay(Idle, ended)) != receive)
        {
            ended.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(_lastActivity) >= Idle)
            {
                return 0;
            }
        }
        return await receive;
    }

    private async Task CopyDownAsync(bool killWhenLeft)
    {
        var output = process.StandardOutput.BaseStream;
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
        {
            _lastActivity = Stopwatch.GetTimestamp();
            if (!ClientLeft && !await SendAsync(reply is null ? buffer.AsMemory(0, read) : reply.Pass(buffer.AsMemory(0, read))))
            {
                ClientLeft = true;
                if (killWhenLeft)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        ClientLeft = ClientLeft || (reply is not null && !await SendAsync(reply.Rest()));
    }

    private async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var timer = new CancellationTokenSource(StalledReader);
        try
        {
            while (bytes.Length > 0)
            {
                var sent = await socket.SendAsync(bytes, SocketFlags.None, timer.Token);
                Sent += sent;
                bytes = bytes[sent..];
            }
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
