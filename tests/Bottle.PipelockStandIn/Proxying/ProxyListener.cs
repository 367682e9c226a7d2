using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Bottle.PipelockStandIn.Policy;
using Bottle.PipelockStandIn.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>Takes CONNECT below Kestrel's HTTP: refuses, pipes, or hands the connection to Kestrel's TLS with a certificate of the configured authority.</summary>
internal sealed class ProxyListener(EnforcementInForce inForce, Authority authority)
{
    private ConnectionDelegate _plain = _ => Task.CompletedTask;

    public void Attach(ListenOptions listen)
    {
        listen.Use(tls => connection => ConnectAsync(connection, tls));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => new ValueTask<SslServerAuthenticationOptions>(
                authority.For(context.Connection.Features.Get<Target>()?.Host ?? throw new AuthenticationException("no CONNECT"))),
        });
        // What follows TLS is Kestrel's HTTP: plain requests go there directly.
        listen.Use(http => _plain = http);
    }

    private async Task ConnectAsync(ConnectionContext connection, ConnectionDelegate tls)
    {
        if (await ConnectHead.ReadAsync(connection.Transport.Input, connection.ConnectionClosed) is not { } line)
        {
            await _plain(connection);
            return;
        }
        var client = connection.RemoteEndPoint?.ToString();
        if (Target.Parse(line) is not { } target)
        {
            await RefuseAsync(connection, 400, $"CONNECT blocked: bad authority: {line}", line, client);
            return;
        }
        var enforcement = inForce.Current;
        if (!enforcement.Allowed.Contains(target.Host))
        {
            await RefuseAsync(connection, 403, $"CONNECT blocked: domain not in allowlist: {target.Host}", line, client);
            return;
        }
        await OpenAsync(connection, tls, target, enforcement);
    }

    private async Task OpenAsync(ConnectionContext connection, ConnectionDelegate tls, Target target, Enforcement enforcement)
    {
        var client = connection.RemoteEndPoint?.ToString();
        var raw = enforcement.Passthrough.Contains(target.Host);
        Socket? upstream = null;
        try
        {
            if (raw)
                upstream = await enforcement.Dialler.ConnectAsync(target.Host, target.Port, connection.ConnectionClosed);
            else
                await enforcement.Dialler.ResolveAsync(target.Host, connection.ConnectionClosed);
        }
        catch (RefusedException e)
        {
            await RefuseAsync(connection, 403, $"CONNECT blocked: {e.Message}", target.ToString(), client);
            return;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            await RefuseAsync(connection, 502, "tunnel dial failed", target.ToString(), client);
            return;
        }
        await connection.Transport.Output.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray(), connection.ConnectionClosed);
        AuditLog.Write("info", "tunnel_open", raw ? "passthrough: not inspected" : "intercepted", target.ToString(), clientIp: client);
        if (upstream is not null)
        {
            await RawPipe.RunAsync(connection.Transport, upstream, connection.ConnectionClosed);
        }
        else
        {
            connection.Features.Set(target);
            connection.Features.Set(enforcement);
            await tls(connection);
        }
        AuditLog.Write("info", "tunnel_close", "ended", target.ToString(), clientIp: client);
    }

    private static async Task RefuseAsync(ConnectionContext connection, int status, string reason, string target, string? client)
    {
        AuditLog.Write("warn", "blocked", reason, target, reason, client);
        var body = reason + "\n";
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status} {(status == 403 ? "Forbidden" : status == 400 ? "Bad Request" : "Bad Gateway")}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + $"X-Content-Type-Options: nosniff\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), connection.ConnectionClosed);
        await connection.Transport.Output.CompleteAsync();
    }
}
