using System.Buffers;
using System.IO.Pipelines;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Tls;
using Microsoft.AspNetCore.Connections;

namespace Bottle.Egress.Connect;

/// <summary>
/// The first thing on a connection, below HTTP (ASP.NET Core has no CONNECT): tells a CONNECT from other requests, answers it, and hands the connection on, either to TLS or to plain HTTP.
/// A host that no route lists is intercepted all the same, so that its refusal can be read inside TLS; nothing is dialled here.
/// </summary>
internal sealed class ConnectMiddleware(PolicyStore policy, LeafCache leaves, RequestLog log, TimeProvider clock, (TimeSpan HeadTimeout, int MaxConnections) limits)
{
    private static readonly byte[] Established = "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();

    private int _connections;

    /// <summary>Runs one connection.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate tls, ConnectionDelegate plain)
    {
        try
        {
            if (Interlocked.Increment(ref _connections) > limits.MaxConnections)
            {
                await RefuseAsync(connection, default, DenialCodes.TooBusy, $"more than {limits.MaxConnections} connections are open").ConfigureAwait(false);
                return;
            }
            var close = new LingeringClose();
            connection.Features.Set(close);
            await DispatchAsync(connection, tls, plain).ConfigureAwait(false);
            if (close.IsOwed)
            {
                await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
                await LingeringClose.DrainAsync(connection).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away; there is nobody to answer.
            connection.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task DispatchAsync(ConnectionContext connection, ConnectionDelegate tls, ConnectionDelegate plain)
    {
        var (kind, target, refusal) = await SniffAsync(connection).ConfigureAwait(false);
        switch (kind)
        {
            case Opening.Http:
                await plain(connection).ConfigureAwait(false);
                return;
            case Opening.TimedOut:
                log.WriteConnection(target, DenialCodes.Malformed, $"no request head within {limits.HeadTimeout.TotalSeconds:0} s");
                connection.Abort();
                return;
            case Opening.Closed:
                return;
        }
        refusal ??= FindRefusal(target);
        if (refusal is { } refused)
        {
            await RefuseAsync(connection, target, refused.Code, refused.Reason).ConfigureAwait(false);
            return;
        }
        var leaf = target.Port == 80 ? null : leaves.TryGet(target.Host, policy.Current.Matcher.Lists(target));
        if (leaf is null && target.Port != 80)
        {
            await RefuseAsync(connection, target, DenialCodes.TooBusy, "too many new hosts in a short time").ConfigureAwait(false);
            return;
        }
        var tunnel = new Tunnel(target, leaf);
        connection.Features.Set(tunnel);
        await connection.Transport.Output.WriteAsync(Established).ConfigureAwait(false);
        await (leaf is null ? plain : tls)(connection).ConfigureAwait(false);
        if (leaf is not null && !tunnel.SawClientHello)
        {
            log.WriteConnection(target, DenialCodes.Malformed, "what came after CONNECT was not TLS");
        }
    }

    /// <summary>A port that no route has is refused here; 443 is left to the answer inside TLS, which clients show.</summary>
    private (DenialCode Code, string Reason)? FindRefusal(Authority target) =>
        target.Port == 443 || policy.Current.Matcher.HasPort(target.Port) ? null : (DenialCodes.PortNotListed, $"no route has port {target.Port}");

    private async Task<(Opening Kind, Authority Target, (DenialCode Code, string Reason)? Refusal)> SniffAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var limit = new CancellationTokenSource(limits.HeadTimeout, clock);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, limit.Token);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return (connection.ConnectionClosed.IsCancellationRequested ? Opening.Closed : Opening.TimedOut, default, null);
            }
            var buffer = read.Buffer;
            if (!buffer.IsEmpty && !ConnectHead.MayBegin(buffer))
            {
                // Nothing is consumed: Kestrel reads the request from its first byte.
                input.AdvanceTo(buffer.Start, buffer.Start);
                return (Opening.Http, default, null);
            }
            if (ConnectHead.FindEnd(buffer) is { } end)
            {
                var refusal = ConnectHead.TryParse(buffer.Slice(0, end), out var target);
                // An early ClientHello stays in the pipe.
                input.AdvanceTo(end);
                return (Opening.Connect, target, refusal);
            }
            if (buffer.Length > ConnectHead.MaxLength)
            {
                input.AdvanceTo(buffer.End);
                return (Opening.Connect, default, (DenialCodes.HeadTooLarge, $"the CONNECT head is larger than {ConnectHead.MaxLength} bytes"));
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return (Opening.Closed, default, null);
            }
        }
    }

    private async Task RefuseAsync(ConnectionContext connection, Authority target, DenialCode code, string reason)
    {
        log.WriteConnection(target, code, reason);
        await ConnectRefusal.WriteAsync(connection, target, code, reason).ConfigureAwait(false);
    }

    private enum Opening
    {
        Http,
        Connect,
        Closed,
        TimedOut,
    }
}
