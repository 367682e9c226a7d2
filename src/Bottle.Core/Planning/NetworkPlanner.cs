using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Chooses the subnets of a run (ARCHITECTURE, Networks): a hash of the identity picks a /26 of the pool, which is cut into /28s.</summary>
/// <remarks>The engine's default pools end after about thirty networks, and its explicit subnets are not checked against the host's routes: hence both are done here.</remarks>
internal static class NetworkPlanner
{
    /// <summary>How many choices are tried before the pool counts as full.</summary>
    public const int MostAttempts = 16;

    /// <summary>Prefix of the block that one run owns: four networks, of which the last is spare.</summary>
    public const int BlockPrefix = 26;

    /// <summary>Prefix of one network.</summary>
    public const int NetworkPrefix = 28;

    /// <summary>Names the networks and gives them subnets; null after an error.</summary>
    public static NetworksPlan? Plan(LaunchRequest request, HostFacts facts, BottleNames names, bool leadsOut, List<Diagnostic> diagnostics)
    {
        if (!Ipv4Network.TryParse(facts.SubnetPool, out var pool) || pool.Count(BlockPrefix) == 0)
        {
            diagnostics.Add(PlanErrors.SubnetPoolUnusable(facts.SubnetPool));
            return null;
        }
        if (FindBlock(request, facts, pool) is not { } block)
        {
            diagnostics.Add(PlanErrors.NoFreeSubnet(facts.SubnetPool, request.SubnetAttempt));
            return null;
        }
        NetworkPlan Network(string key, int index, bool isInternal) =>
            new(names.Network(key), block.Subnet(NetworkPrefix, index).ToString(), isInternal);
        return new NetworksPlan(
            Network("internal", 0, true),
            leadsOut ? Network("relay", 1, true) : null,
            leadsOut ? Network("egress", 2, false) : null);
    }

    private static Ipv4Network? FindBlock(LaunchRequest request, HostFacts facts, Ipv4Network pool)
    {
        if (request.SubnetAttempt >= MostAttempts)
            return null;
        var taken = Taken(facts);
        var count = pool.Count(BlockPrefix);
        var start = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(request.Identity))) % count;
        var free = 0;
        for (var i = 0L; i < count; i++)
        {
            var block = pool.Subnet(BlockPrefix, (start + i) % count);
            if (!taken.Exists(block.Overlaps) && free++ == request.SubnetAttempt)
                return block;
        }
        return null;
    }

    // The default route 0.0.0.0/0 takes nothing; IPv6 networks and broken lines cannot overlap an IPv4 block.
    private static List<Ipv4Network> Taken(HostFacts facts)
    {
        var taken = new List<Ipv4Network>();
        foreach (var text in facts.TakenSubnets)
        {
            if (Ipv4Network.TryParse(text, out var network) && network.Prefix > 0)
                taken.Add(network);
        }
        return taken;
    }
}
