using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bottle.Supervise.Hosting;

/// <summary>The other end of <c>/healthz</c>, for <c>supervise healthcheck</c> in the same container: a plain socket, because it starts every second and must cost little.</summary>
internal static class HealthClient
{
    private const int TimeoutMilliseconds = 3000;

    /// <summary>Exit code 0 when the running server answers that it is well, else 1 with the reason on standard error.</summary>
    public static int Check(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = TimeoutMilliseconds, SendTimeout = TimeoutMilliseconds };
            socket.Connect(IPAddress.Loopback, port);
            socket.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
            var text = reader.ReadToEnd();
            if (text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            {
                return 0;
            }
            Console.Error.WriteLine(text.Length == 0 ? "supervise gave no answer" : text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Console.Error.WriteLine($"supervise does not answer on port {port}: {e.Message}");
        }
        return 1;
    }
}
