using System.Net.Security;
using System.Security.Authentication;
using Bottle.Contracts.Routes;
using Bottle.Egress.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bottle.Egress.Connect;

/// <summary>Puts CONNECT, interception and plain HTTP on one Kestrel endpoint.</summary>
internal static class ForwardProxyListener
{
    /// <summary>Adds the layers. Kestrel builds them from last to first, so the last one knows what follows TLS.</summary>
    public static void UseForwardProxy(this ListenOptions listener, ConnectMiddleware connect, LeafCache leaves, TimeSpan handshakeTimeout)
    {
        ConnectionDelegate? plain = null;
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.Use(tls => connection => connect.RunAsync(connection, tls, plain!));
        listener.Use(tls => connection =>
        {
            connection.Transport = new BatchedTransport(connection.Transport);
            return tls(connection);
        });
        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = handshake => ValueTask.FromResult(ChooseLeaf(handshake, leaves)),
        });
        listener.Use(next => plain = next);
    }

    private static SslServerAuthenticationOptions ChooseLeaf(TlsHandshakeCallbackContext handshake, LeafCache leaves)
    {
        var tunnel = handshake.Connection.Features.Get<Tunnel>() ?? throw new AuthenticationException("TLS without CONNECT");
        tunnel.SawClientHello = true;
        var name = handshake.ClientHelloInfo.ServerName;
        if (name.Length == 0 || name.Equals(tunnel.Target.Host, StringComparison.OrdinalIgnoreCase))
        {
            return tunnel.Leaf!;
        }
        if (!Authority.TryParse(name, 443, out var asked, out _))
        {
            throw new AuthenticationException("malformed server name");
        }
        if (asked.Host == tunnel.Target.Host)
        {
            return tunnel.Leaf!;
        }
        // The certificate is for the name that the client checks, so that it reads the 421 inside.
        tunnel.MismatchedServerName = asked.Host;
        return leaves.TryGet(asked.Host, isListed: false) ?? throw new AuthenticationException("too many new hosts in a short time");
    }
}
