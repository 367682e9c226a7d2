using System.Net.Sockets;

namespace Bottle.Egress.Hosting;

/// <summary>
/// Bounds what the system holds for a socket. It belongs to the container's memory, too, and grows by itself to megabytes a connection when one side does not take what the other sends. Both sides of egress are on this
/// machine, so that a small window loses no speed.
/// </summary>
internal static class SocketBuffers
{
    // The system takes twice as much, for its own book-keeping.
    private const int Bytes = 64 * 1024;

    /// <summary>Sets both directions; before the connection is there, because windows are agreed on then.</summary>
    public static void Bound(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            (socket.SendBufferSize, socket.ReceiveBufferSize) = (Bytes, Bytes);
        }
    }
}
