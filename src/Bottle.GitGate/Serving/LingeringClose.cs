using System.Net.Sockets;

namespace Bottle.GitGate.Serving;

/// <summary>Ends a connection so that its last words arrive: a socket that is closed while bytes of the client lie unread in it is reset by the kernel, and a reset throws away what the client had not yet read.</summary>
internal static class LingeringClose
{
    // Git is still sending its pack when receive-pack has already refused it for its size.
    private const long MostBytes = 1024L * 1024 * 1024;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>Says that nothing more comes, then reads and drops until the client closes, is silent for 5 s, or has had a minute or sent 1 GB. The caller closes the socket. Never throws for what the client does.</summary>
    public static async Task EndAsync(Socket socket)
    {
        using var most = new CancellationTokenSource(Most);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[64 * 1024];
            for (long dropped = 0; dropped < MostBytes;)
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(most.Token);
                silence.CancelAfter(Silence);
                var read = await socket.ReceiveAsync(buffer, SocketFlags.None, silence.Token);
                if (read == 0)
                {
                    return;
                }
                dropped += read;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or has had its time.
        }
    }
}
