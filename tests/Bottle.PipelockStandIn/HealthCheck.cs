using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bottle.PipelockStandIn;

/// <summary>GET /health of the one that runs here; touches no ASP.NET type, because it is started every second.</summary>
internal static class HealthCheck
{
    public static async Task<int> RunAsync(string address)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPEndPoint.Parse(address), timeout.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), timeout.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return (await reader.ReadLineAsync(timeout.Token))?.Contains(" 200 ", StringComparison.Ordinal) == true ? 0 : 1;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"pipelock-stand-in: {e.Message}");
            return 1;
        }
    }
}
