using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Bottle.DemoUpstream;

/// <summary>Listeners that answer whoever reaches them. The agent must not: an answer that it gets proves a hole, silence proves nothing unless they do answer others.</summary>
internal sealed class Canaries : IDisposable
{
    private readonly UpstreamOptions _options;
    private readonly byte[] _answer;
    private readonly TcpListener _tcp;
    private readonly UdpClient _udp;
    private readonly UdpClient _dns;

    public Canaries(UpstreamOptions options)
    {
        _options = options;
        _answer = Encoding.ASCII.GetBytes(options.CanaryText + "\n");
        _tcp = new TcpListener(IPAddress.Any, options.CanaryPort);
        _tcp.Start();
        _udp = new UdpClient(new IPEndPoint(IPAddress.Any, options.CanaryPort));
        _dns = new UdpClient(new IPEndPoint(IPAddress.Any, options.DnsPort));
    }

    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(TcpAsync(stop), UdpAsync("udp", _udp, _ => _answer, stop), UdpAsync("dns", _dns, query => Dns.Answer(query, _options.CanaryText), stop));

    private async Task TcpAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var client = await _tcp.AcceptTcpClientAsync(stop);
            // The health check comes every second, by loopback.
            if (client.Client.RemoteEndPoint is IPEndPoint remote && !IPAddress.IsLoopback(remote.Address))
                HitLog.Write("tcp", remote.ToString());
            try
            {
                await client.GetStream().WriteAsync(_answer, stop);
            }
            catch (IOException)
            {
                // The visitor has gone; its visit is logged.
            }
        }
    }

    private static async Task UdpAsync(string kind, UdpClient socket, Func<byte[], byte[]?> answer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var query = await socket.ReceiveAsync(stop);
            HitLog.Write(kind, query.RemoteEndPoint.ToString(), new JsonObject { ["bytes"] = query.Buffer.Length });
            if (answer(query.Buffer) is not { } bytes)
                continue;
            try
            {
                await socket.SendAsync(bytes, query.RemoteEndPoint, stop);
            }
            catch (SocketException)
            {
                // No way back to the visitor; its visit is logged.
            }
        }
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
        _dns.Dispose();
    }
}
