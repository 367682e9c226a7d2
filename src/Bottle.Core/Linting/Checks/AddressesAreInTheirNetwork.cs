using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>A fixed address lies in its network, is no one else's, and is neither the network's, the gateway's nor the broadcast address.</summary>
internal sealed class AddressesAreInTheirNetwork : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var subnets = compose.Networks.ToDictionary(n => n.Key, n => n.Subnet, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in compose.Services)
        {
            foreach (var endpoint in service.Networks)
            {
                if (endpoint.Address is { } address && (!seen.Add(address) || !subnets.TryGetValue(endpoint.Network, out var subnet) || !IsHost(subnet, address)))
                    yield return LintErrors.AddressMisplaced(service.Name, address);
            }
        }
    }

    private static bool IsHost(string subnet, string address)
    {
        if (!Ipv4Network.TryParse(subnet, out var network) || !network.Contains(address))
            return false;
        var last = (1 << (32 - network.Prefix)) - 1;
        return address != network.Address(0) && address != network.Address(1) && address != network.Address(last);
    }
}
