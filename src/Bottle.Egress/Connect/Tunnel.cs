using System.Net.Security;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Connect;

/// <summary>An accepted CONNECT, on the connection's features: what every request inside is held to.</summary>
internal sealed class Tunnel(Authority target, SslServerAuthenticationOptions? leaf)
{
    /// <summary>What CONNECT named.</summary>
    public Authority Target { get; } = target;

    /// <summary>TLS, except for port 80.</summary>
    public RequestScheme Scheme => Leaf is null ? RequestScheme.Http : RequestScheme.Https;

    /// <summary>The certificate for <see cref="Target"/>; null for a plain tunnel.</summary>
    public SslServerAuthenticationOptions? Leaf { get; } = leaf;

    /// <summary>The name that the client's TLS asked for when it is not the target's; every request is then answered 421.</summary>
    public string? MismatchedServerName { get; set; }

    /// <summary>Whether a ClientHello came.</summary>
    public bool SawClientHello { get; set; }
}
