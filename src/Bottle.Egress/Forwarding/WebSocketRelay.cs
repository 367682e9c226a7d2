using System.Buffers;
using System.Security.Cryptography;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Forwarding;

/// <summary>Carries a WebSocket that the upstream has accepted. Frames are not looked into, but for a reflected credential.</summary>
internal static class WebSocketRelay
{
    private const int BufferSize = 32 * 1024;

    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    /// <summary>Adds what asks an HTTP/1.1 upstream for a WebSocket; a client that came by HTTP/2 brings no key.</summary>
    public static void Prepare(HttpContext http, HttpRequestMessage message)
    {
        message.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        message.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        if (FramingRules.IsExtendedConnect(http))
        {
            message.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        }
    }

    /// <summary>Accepts the client's side and copies both ways until one ends, until it is abandoned, or until the upstream takes nothing any more.</summary>
    public static async Task RunAsync(Exchange exchange, HttpResponseMessage upstream, WriteLimit writes)
    {
        var (http, record, cancellation) = (exchange.Http, exchange.Record, exchange.Abandon.Token);
        Stream client;
        if (FramingRules.IsExtendedConnect(http))
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.Headers.Remove("Sec-WebSocket-Accept");
            client = await http.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync().ConfigureAwait(false);
        }
        else
        {
            http.Response.Headers.Connection = "Upgrade";
            http.Response.Headers.Upgrade = "websocket";
            client = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
        }
        var server = await upstream.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var watch = exchange.Admission.Policy.Clients.Watch;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, writes.Standstill);
        var up = CopyAsync(client, (server, writes), null, count =>
        {
            BudgetSpentException.ThrowIfSpent(record);
            record.CountIn(count);
        }, end.Token);
        var down = CopyAsync(server, (client, null), exchange.Admission.Mask is { } secrets ? (secrets, new WebSocketFrames()) : null, count =>
        {
            watch.Hear();
            BudgetSpentException.ThrowIfSpent(record);
            record.CountOut(count);
        }, end.Token);
        await Task.WhenAny(up, down).ConfigureAwait(false);
        if (FindCause(up, down, writes) is { } cause)
        {
            if (record.Budget is { } budget)
            {
                await budget.KeepAsync().ConfigureAwait(false);
            }
            record.Reason = "cut: " + cause;
            http.Abort();
        }
        // The other side gets a moment for its last frames.
        await Task.WhenAll(up, down).WaitAsync(LastMoment, RealTime.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync().ConfigureAwait(false);
        await client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Why egress ends it; null when one of the sides does.</summary>
    private static string? FindCause(Task up, Task down, WriteLimit writes) => writes.Standstill.IsCancellationRequested ? "the upstream took nothing for too long"
        : new[] { up, down }.Select(copy => copy.Exception?.InnerException).FirstOrDefault(e => e is BudgetSpentException or InvalidDataException)?.Message;

    private static async Task CopyAsync(Stream source, (Stream Stream, WriteLimit? Writes) target, (SecretMask Secrets, WebSocketFrames Frames)? masked, Action<long> count, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize + (masked is null ? 0 : BufferSize));
        try
        {
            var (held, state, read) = (0, 0, 0);
            var copied = 0L;
            while ((read = await source.ReadAsync(buffer.AsMemory(held), cancellation).ConfigureAwait(false)) > 0)
            {
                await SocketThread.LeaveWhenLarge(copied += read);
                var length = held + read;
                if (masked is var (secrets, frames))
                {
                    frames.Follow(buffer.AsSpan(held, read));
                    held = secrets.Apply(buffer.AsSpan(0, length), held, ref state);
                    if (frames.IsBetween)
                    {
                        // What comes next is a frame's head, so nothing is completed by it: a whole message does not wait for another one.
                        (held, state) = (0, 0);
                    }
                    if (held == buffer.Length)
                    {
                        // There is no room to read on, which would look like the end.
                        throw new InvalidDataException("the upstream's message has more of a credential than can be held back");
                    }
                }
                count(length - held);
                await Limit(target.Stream.WriteAsync(buffer.AsMemory(0, length - held), cancellation)).ConfigureAwait(false);
                await Limit(new ValueTask(target.Stream.FlushAsync(cancellation))).ConfigureAwait(false);
                buffer.AsSpan(length - held, held).CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        ValueTask Limit(ValueTask write) => target.Writes?.AwaitAsync(write) ?? write;
    }
}
