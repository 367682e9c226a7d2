using System.IO.Pipelines;
using System.Net.Sockets;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>A passthrough tunnel: bytes both ways, unread, until both sides have ended.</summary>
internal static class RawPipe
{
    public static async Task RunAsync(IDuplexPipe client, Socket upstream, CancellationToken stop)
    {
        await using var stream = new NetworkStream(upstream, ownsSocket: true);
        try
        {
            await Task.WhenAll(OutAsync(client.Input, stream, upstream, stop), BackAsync(stream, client.Output, stop));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side broke off; closing both is all that a pipe can do.
        }
    }

    private static async Task OutAsync(PipeReader input, NetworkStream stream, Socket upstream, CancellationToken stop)
    {
        await input.CopyToAsync(stream, stop);
        upstream.Shutdown(SocketShutdown.Send);
    }

    private static async Task BackAsync(NetworkStream stream, PipeWriter output, CancellationToken stop)
    {
        await stream.CopyToAsync(output, stop);
        await output.CompleteAsync();
    }
}
