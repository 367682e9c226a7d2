using Bottle.Egress.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Bottle.Egress.Connect;

/// <summary>Closing with unread bytes would reset the connection before the client has read its answer: a refused client is heard out for a moment. On the connection's features, for who answers without hearing it out.</summary>
internal sealed class LingeringClose
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Whether the client was answered before it had said everything.</summary>
    public bool IsOwed { get; set; }

    /// <summary>Reads what the client still sends, and throws it away, until the client closes or the moment is over.</summary>
    public static async Task DrainAsync(ConnectionContext connection)
    {
        using var moment = new CancellationTokenSource(Moment, RealTime.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, moment.Token);
        try
        {
            while (await connection.Transport.Input.ReadAsync(limit.Token).ConfigureAwait(false) is { IsCompleted: false } read)
            {
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
        }
    }
}
