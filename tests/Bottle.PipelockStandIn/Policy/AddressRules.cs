using System.Net;

namespace Bottle.PipelockStandIn.Policy;

/// <summary>Refuses destinations inside private ranges unless the file lists them (<c>ssrf.ip_allowlist</c>).</summary>
internal sealed class AddressRules(IReadOnlyList<IPNetwork> allowed)
{
    private static readonly IPNetwork[] _internal =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
        ]).Select(text => IPNetwork.Parse(text)),
    ];

    public bool Permits(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Any(network => network.Contains(plain)) || !_internal.Any(network => network.Contains(plain));
    }
}
