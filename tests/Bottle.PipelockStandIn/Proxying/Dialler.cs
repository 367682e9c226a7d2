using System.Net;
using System.Net.Sockets;
using Bottle.PipelockStandIn.Policy;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>A destination is refused; the message is pipelock's.</summary>
internal sealed class RefusedException(string message) : Exception(message);

/// <summary>Resolves and connects, never to an address that the rules refuse: every connection is judged by what its name means at that moment.</summary>
internal sealed class Dialler(AddressRules rules)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>All addresses of the host, when every one of them is permitted.</summary>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, stop);
        }
        catch (SocketException e)
        {
            throw new RefusedException($"SSRF check failed: DNS resolution error for {host}: {e.Message}");
        }
        return Array.Find(addresses, a => !rules.Permits(a)) is { } refused
            ? throw new RefusedException($"SSRF blocked: {host} resolves to internal IP {refused}")
            : addresses;
    }

    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken stop)
    {
        var addresses = await ResolveAsync(host, stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, patience.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
