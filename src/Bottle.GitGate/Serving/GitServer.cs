using System.Net;
using System.Net.Sockets;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Serving;

/// <summary>Listens for git's own protocol and bounds how many clients are served at once.</summary>
internal sealed class GitServer(GateState state)
{
    private const int MaximumConnections = 32;
    private const int MaximumEnding = 256;
    private int _connections;
    private int _ending;

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
            await AnswerAsync(new Connection(state, client));
            // No place of the few is held by a client that is only being waited for; a flood of them is cut off.
            if (Interlocked.Increment(ref _ending) <= MaximumEnding)
            {
                await LingeringClose.EndAsync(client);
            }
            Interlocked.Decrement(ref _ending);
        }
    }

    private async Task AnswerAsync(Connection connection)
    {
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
