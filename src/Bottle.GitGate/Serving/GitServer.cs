using System.Net;
using System.Net.Sockets;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Serving;

/// <summary>Listens for git's own protocol and bounds how many clients are served at once.</summary>
internal sealed class GitServer(GateState state)
{
    private const int MaximumConnections = 32;
    private int _connections;

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, GatePaths.Port));
        listener.Listen(64);
        GateLog.Write("listening", ("port", GatePaths.Port), ("repositories", GateLog.List(state.Names)));
        while (!stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            var connection = new Connection(state, client);
            try
            {
                await (Interlocked.Increment(ref _connections) > MaximumConnections ? connection.RefuseAsync(GateRefusals.Busy()) : connection.RunAsync());
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidOperationException)
            {
                GateLog.Write("connection", ("client", connection.Client), ("error", e.Message));
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }
}
