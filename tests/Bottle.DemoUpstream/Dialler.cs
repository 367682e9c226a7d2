using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bottle.DemoUpstream;

/// <summary>Dials a canary from where it runs, and touches no ASP.NET type, so that a health check every second is cheap.</summary>
internal static class Dialler
{
    private static readonly TimeSpan _healthPatience = TimeSpan.FromSeconds(3);

    // A canary that is dialled must answer, and dozens are dialled at once, perhaps on a machine that has much else to do: only silence for so long means something.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    public static async Task<int> HealthAsync(UpstreamOptions options)
    {
        using var timeout = new CancellationTokenSource(_healthPatience);
        try
        {
            using var https = new TcpClient();
            await https.ConnectAsync(IPAddress.Loopback, options.HttpsPort, timeout.Token);
            await TcpAsync(new IPEndPoint(IPAddress.Loopback, options.CanaryPort), timeout.Token);
            return 0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    public static async Task<int> RunAsync(string kind, string address, string port)
    {
        if (!IPAddress.TryParse(address, out var ip) || !ushort.TryParse(port, CultureInfo.InvariantCulture, out var number))
        {
            await Console.Error.WriteLineAsync($"no address and port: {address} {port}");
            return 2;
        }
        using var timeout = new CancellationTokenSource(_patience);
        try
        {
            var target = new IPEndPoint(ip, number);
            var answer = kind switch
            {
                "tcp" => await TcpAsync(target, timeout.Token),
                "udp" => await UdpAsync(target, "hello"u8.ToArray(), timeout.Token),
                "dns" => await UdpAsync(target, Dns.Question(0x4242, "canary.demo.test"), timeout.Token),
                _ => throw new ArgumentException($"unknown kind {kind}"),
            };
            var start = answer.IndexOf("bottle-canary ", StringComparison.Ordinal);
            await Console.Out.WriteLineAsync(start < 0 ? $"an answer, but no canary's: {answer.Length} bytes" : answer[start..].TrimEnd());
            return start < 0 ? 1 : 0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(e is OperationCanceledException ? $"no answer in {_patience.TotalSeconds} s" : e.Message);
            return 1;
        }
    }

    private static async Task<string> TcpAsync(IPEndPoint target, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(target, stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(stop);
    }

    private static async Task<string> UdpAsync(IPEndPoint target, byte[] query, CancellationToken stop)
    {
        using var socket = new UdpClient();
        socket.Connect(target);
        var answer = socket.ReceiveAsync(stop).AsTask();
        // Nobody sends a lost datagram again.
        do
            await socket.SendAsync(query, stop);
        while (await Task.WhenAny(answer, Task.Delay(_again, stop)) != answer);
        return Encoding.Latin1.GetString((await answer).Buffer);
    }
}
