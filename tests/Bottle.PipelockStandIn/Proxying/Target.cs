using System.Globalization;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>Where a CONNECT or an absolute-form request wants to go; also the connection's feature that marks a tunnel.</summary>
internal sealed record Target(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary><c>host:port</c> of a CONNECT line, or null.</summary>
    public static Target? Parse(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && Uri.CheckHostName(authority[..colon]) is UriHostNameType.Dns or UriHostNameType.IPv4
            ? new Target(authority[..colon].ToLowerInvariant().TrimEnd('.'), port)
            : null;
    }

    /// <summary>Whether a Host header means this target.</summary>
    public bool IsNamedBy(HostString host) =>
        string.Equals(host.Host.TrimEnd('.'), Host, StringComparison.OrdinalIgnoreCase) && (host.Port ?? 443) == Port;
}
