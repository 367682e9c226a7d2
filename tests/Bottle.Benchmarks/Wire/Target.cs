using System.Net;

namespace Bottle.Benchmarks.Wire;

/// <summary>Where a client connects, and what it asks for there.</summary>
/// <param name="Address">The TCP address that the client dials.</param>
/// <param name="Host">The origin's name: SNI, and the name that the certificate must carry.</param>
/// <param name="Port">The origin's port, as the client names it in CONNECT and Host.</param>
/// <param name="AuthorityFile">PEM of the authority that the client trusts.</param>
/// <param name="IsForwardProxy">Whether the address is a proxy that wants CONNECT first.</param>
/// <param name="Credential">The Authorization value that the client itself sends (direct only; a proxy injects it), or null.</param>
internal sealed record Target(IPEndPoint Address, string Host, int Port, string AuthorityFile, bool IsForwardProxy, string? Credential)
{
    /// <summary><c>host:port</c> of the origin.</summary>
    internal string Authority => $"{Host}:{Port}";
}
