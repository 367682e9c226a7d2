using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Stands where pipelock stands: answers CONNECT, notes the target, and pipes to the port that the test gave for the host.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _open;
    private int _pulses;
    private volatile TaskCompletionSource _running = new();

    public ConnectProxy(IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _running.SetResult();
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Host to local port; a host that is not there gets <see cref="Refusal"/>.</summary>
    public ConcurrentDictionary<string, int> Upstreams { get; } = new();

    /// <summary>What it says to hosts it does not know.</summary>
    public string Refusal { get; set; } = "HTTP/1.1 403 Forbidden\r\nContent-Length: 40\r\n\r\nCONNECT blocked: domain not in allowlist\n";

    /// <summary>Every CONNECT target, in order.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    /// <summary>How long an answer to CONNECT takes.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>Whether the system holds little for its connections, so that what egress holds for a side that takes nothing is seen.</summary>
    public bool HoldsLittle { get; set; }

    /// <summary>How often it was asked whether it lives, and answered.</summary>
    public int Pulses => Volatile.Read(ref _pulses);

    /// <summary>Stops or goes on answering, like a paused process: the kernel still takes connections.</summary>
    public bool IsFrozen
    {
        get => !_running.Task.IsCompleted;
        set
        {
            _running.TrySetResult();
            if (value)
            {
                _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Waits until every connection has been closed.</summary>
    public async Task WaitForNoneOpenAsync()
    {
        for (var i = 0; i < 500 && Volatile.Read(ref _open) > 0; i++)
        {
            await Task.Delay(20);
        }
        Assert.That(Volatile.Read(ref _open), Is.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
        {
            return;
        }
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        Interlocked.Increment(ref _open);
        try
        {
            var stream = client.GetStream();
            var head = await ReadHeadAsync(stream);
            await _running.Task.WaitAsync(_stop.Token);
            if (head.StartsWith("GET /health ", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _pulses);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            }
            await Task.Delay(Slowness, _stop.Token);
            var target = head.Split(' ')[1];
            Targets.Enqueue(target);
            if (!Upstreams.TryGetValue(target[..target.LastIndexOf(':')], out var port))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Refusal), _stop.Token);
                return;
            }
            using var upstream = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
            if (HoldsLittle)
            {
                SocketBuffers.Bound(client.Client);
                SocketBuffers.Bound(upstream.Client);
            }
            await upstream.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            var down = CopyAsync(upstream.GetStream(), stream);
            var up = CopyAsync(stream, upstream.GetStream());
            await Task.WhenAny(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side hung up.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task CopyAsync(NetworkStream source, NetworkStream target)
    {
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            await _running.Task.WaitAsync(_stop.Token);
            await target.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
