using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The networks of the Compose file.</summary>
internal static class ComposeNetworks
{
    /// <summary>Agent and sidecars.</summary>
    public const string Internal = "internal";

    /// <summary>Egress, the git-gate and pipelock.</summary>
    public const string Relay = "relay";

    /// <summary>The only way out.</summary>
    public const string Egress = "egress";

    /// <summary>Those that the plan has.</summary>
    public static IEnumerable<ComposeNetwork> All(BottlePlan plan)
    {
        yield return From(plan, Internal, plan.Networks.Internal);
        if (plan.Networks.Relay is { } relay)
            yield return From(plan, Relay, relay);
        if (plan.Networks.Egress is { } egress)
            yield return From(plan, Egress, egress);
    }

    private static ComposeNetwork From(BottlePlan plan, string key, NetworkPlan network) => new()
    {
        Key = key,
        Name = network.Name,
        Subnet = network.Subnet,
        Internal = network.Internal,
        Labels = ComposeServices.Labels(plan, key),
    };
}
