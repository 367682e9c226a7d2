using System.Net;
using System.Net.Sockets;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Origins;

/// <summary>The origin behind every contestant: one blocking thread per connection over libssl. A connection may begin with CONNECT (our sidecar dials through a proxy, as it does through
/// pipelock) or with TLS (everyone else), so that nobody pays for a hop that another does not have.</summary>
internal sealed class OriginServer(IPEndPoint address, TlsIdentity identity, OriginAnswers answers)
{
    private const int TlsRecord = 0x16;
    private const int SmallStack = 256 * 1024;

    /// <summary>Accepts connections until the process ends.</summary>
    internal void Run()
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen(1024);
        while (true)
        {
            var socket = listener.Accept();
            new Thread(() => Serve(socket), SmallStack) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using var stream = WireStream.Accepted(socket);
        try
        {
            if (stream.Peek() != TlsRecord && !AnswerConnect(stream))
                return;
            stream.AcceptTls(identity);
            var reader = new HttpReader(stream);
            while (answers.Next(reader, stream))
            {
                // Keep-alive: the next request of this connection.
            }
        }
        catch (IOException)
        {
            // A client that goes away in the middle is its own business; what it missed, it reports.
        }
    }

    private static bool AnswerConnect(WireStream stream)
    {
        // Read byte by byte: what follows the head belongs to TLS.
        var last = 0u;
        var one = new byte[1];
        const uint endOfHead = 0x0d0a0d0a;
        while (last != endOfHead)
        {
            if (stream.Read(one) == 0)
                return false;
            last = (last << 8) | one[0];
        }
        stream.Write("HTTP/1.1 200 Connection established\r\n\r\n"u8);
        return true;
    }
}
