using System.Net.Sockets;
using System.Text;

namespace Bottle.Egress.Introspection;

/// <summary>The other end of the control socket, for <c>egress healthcheck</c> and <c>egress introspect</c>: plain sockets, because it starts every second and must cost little.</summary>
internal static class ControlClient
{
    private const int TimeoutMilliseconds = 3000;

    /// <summary>Exit code 0 when the running egress answers, else 1 with the reason on standard error.</summary>
    public static int CheckHealth(string socketPath) => Ask(socketPath, "/healthz", out var answer) ? 0 : Fail(answer);

    /// <summary>Prints the answer; exit code 0, or 1 with the reason on standard error.</summary>
    public static int Print(string socketPath, string target)
    {
        if (!Ask(socketPath, target, out var answer))
        {
            return Fail(answer);
        }
        Console.Out.WriteLine(answer);
        return 0;
    }

    /// <summary>The request target for the words after <c>introspect</c>.</summary>
    public static bool TryGetTarget(string[] words, out string target)
    {
        target = words switch
        {
            [] or ["allowlist"] => "/allowlist",
            ["healthz"] => "/healthz",
            ["budget"] => "/budget",
            ["explain", var url, var method] => $"/explain?url={Uri.EscapeDataString(url)}&method={Uri.EscapeDataString(method)}",
            _ => "",
        };
        return target.Length > 0;
    }

    /// <summary>Asks once; false with the reason for <paramref name="answer"/> when there is no good one.</summary>
    public static bool Ask(string socketPath, string target, out string answer)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = TimeoutMilliseconds, SendTimeout = TimeoutMilliseconds };
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            socket.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: egress\r\nConnection: close\r\n\r\n"));
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
            var text = reader.ReadToEnd();
            var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            answer = body < 0 ? "egress gave no answer" : text[(body + 4)..];
            return text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            answer = $"egress does not answer on {socketPath}: {e.Message}";
            return false;
        }
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
}
