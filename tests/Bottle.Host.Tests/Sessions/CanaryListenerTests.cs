using System.Net;
using System.Net.Sockets;
using System.Text;
using Bottle.Host.Sessions;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
[CancelAfter(20_000)]
public sealed class CanaryListenerTests
{
    [Test]
    public async Task Tcp_is_answered_and_recorded(CancellationToken cancellation)
    {
        await using var canary = new CanaryListener("n0nce", TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, canary.TcpPort, cancellation);
        using var reader = new StreamReader(client.GetStream());
        Assert.That(await reader.ReadToEndAsync(cancellation), Is.EqualTo("bottle-canary n0nce\n"));
        Assert.That(canary.Hits.Select(h => (h.Protocol, h.From)), Is.EqualTo(new[] { ("tcp", IPAddress.Loopback) }));
    }

    [Test]
    public async Task Udp_is_answered_and_recorded(CancellationToken cancellation)
    {
        await using var canary = new CanaryListener("n0nce", TimeProvider.System);
        using var client = new UdpClient(AddressFamily.InterNetwork);
        await client.SendAsync("?"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, canary.UdpPort), cancellation);
        var answer = await client.ReceiveAsync(cancellation);
        Assert.That(Encoding.ASCII.GetString(answer.Buffer), Is.EqualTo("bottle-canary n0nce\n"));
        Assert.That(canary.Hits.Single().Protocol, Is.EqualTo("udp"));
    }

    [Test]
    public async Task Every_address_of_the_host_reaches_it(CancellationToken cancellation)
    {
        await using var canary = new CanaryListener("n0nce", TimeProvider.System);
        var addresses = canary.Addresses;
        Assert.That(addresses, Is.Unique.And.None.EqualTo(IPAddress.Loopback));
        foreach (var address in addresses)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, canary.TcpPort, cancellation);
            using var reader = new StreamReader(client.GetStream());
            Assert.That(await reader.ReadLineAsync(cancellation), Is.EqualTo("bottle-canary n0nce"), address.ToString());
        }
    }

    [Test]
    public async Task After_its_end_nothing_answers(CancellationToken cancellation)
    {
        var canary = new CanaryListener("n0nce", TimeProvider.System);
        var port = canary.TcpPort;
        await canary.DisposeAsync();
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(IPAddress.Loopback, port, cancellation));
    }
}
