using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Bottle.Host.Sessions;

/// <summary>Who reached a canary.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="From">The address that it came from.</param>
/// <param name="Time">When.</param>
public sealed record CanaryHit(string Protocol, IPAddress From, DateTimeOffset Time);

/// <summary>
/// Listens on every IPv4 address that the host has when it starts, TCP and UDP, and answers <c>bottle-canary NONCE</c>: a bottle must not be able to reach it, and anybody who is not isolated can. It tells nothing else and reads nothing.
/// </summary>
public sealed class CanaryListener : IAsyncDisposable
{
    private const int MostHits = 1000;
    private const int PortAttempts = 20;
    private static readonly TimeSpan ClientMayTake = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<CanaryHit> hits = new();
    private readonly TcpListener tcp = new(IPAddress.Any, 0);
    private readonly List<UdpClient> udp = BindUdp();
    private readonly byte[] answer;
    private readonly TimeProvider time;
    private readonly Task work;

    /// <summary>Starts listening on two free ports.</summary>
    public CanaryListener(string nonce, TimeProvider time)
    {
        this.time = time;
        answer = Encoding.ASCII.GetBytes($"bottle-canary {nonce}\n");
        tcp.Start();
        work = Task.WhenAll(udp.Select(ServeUdpAsync).Prepend(ServeTcpAsync()));
    }

    /// <summary>The TCP port.</summary>
    public int TcpPort => ((IPEndPoint)tcp.LocalEndpoint).Port;

    /// <summary>The UDP port.</summary>
    public int UdpPort => ((IPEndPoint)udp[0].Client.LocalEndPoint!).Port;

    /// <summary>The host's addresses that it listens on, in order; bridges that come later are not among them.</summary>
    public IReadOnlyList<IPAddress> Addresses => [.. udp.Skip(1).Select(socket => ((IPEndPoint)socket.Client.LocalEndPoint!).Address)];

    /// <summary>Who reached it, in order; at most 1,000.</summary>
    public IReadOnlyList<CanaryHit> Hits => [.. hits];

    /// <summary>Every IPv4 address of the host but loopback, in order. Bridges without a carrier count: their addresses answer all the same.</summary>
    public static IReadOnlyList<IPAddress> HostAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a))
            .Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal)];

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        tcp.Stop();
        foreach (var socket in udp)
            socket.Dispose();
        await work.ConfigureAwait(false);
        tcp.Dispose();
        stop.Dispose();
    }

    private async Task ServeTcpAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await tcp.AcceptSocketAsync(stop.Token).ConfigureAwait(false);
                Record("tcp", client.RemoteEndPoint);
                _ = AnswerAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that went away before it was accepted.
            }
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(ClientMayTake);
        using (client)
        {
            try
            {
                await client.SendAsync(answer, limit.Token).ConfigureAwait(false);
                client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It has been recorded; whether it stays to listen is its own affair.
            }
        }
    }

    // A socket for each address: an answer from a socket on 0.0.0.0 leaves by the nearest interface's address, which the asker did not ask.
    private static List<UdpClient> BindUdp()
    {
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<UdpClient>();
            try
            {
                var port = 0;
                foreach (var address in HostAddresses().Prepend(IPAddress.Loopback))
                {
                    sockets.Add(new UdpClient(new IPEndPoint(address, port)));
                    port = ((IPEndPoint)sockets[0].Client.LocalEndPoint!).Port;
                }
                return sockets;
            }
            catch (SocketException) when (attempt < PortAttempts)
            {
                // Another address has a listener on that port, or one has gone with its bridge.
                sockets.ForEach(socket => socket.Dispose());
            }
        }
    }

    private async Task ServeUdpAsync(UdpClient socket)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var packet = await socket.ReceiveAsync(stop.Token).ConfigureAwait(false);
                Record("udp", packet.RemoteEndPoint);
                await socket.SendAsync(answer, packet.RemoteEndPoint, stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The answer could not be delivered.
            }
        }
    }

    private void Record(string protocol, EndPoint? from)
    {
        if (hits.Count < MostHits && from is IPEndPoint { Address: var address })
            hits.Enqueue(new CanaryHit(protocol, address, time.GetUtcNow()));
    }
}
