using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>The Compose file as data (SPEC D8). What these records cannot say, a privilege, a published port, a device, no bottle can have.</summary>
public sealed record ComposeFile(string Project, IReadOnlyList<ComposeService> Services, IReadOnlyList<ComposeNetwork> Networks)
{
    /// <summary>The file for a plan; services and networks in a fixed order.</summary>
    public static ComposeFile From(BottlePlan plan) => new(
        plan.Names.Project,
        [.. ComposeServices.All(plan)],
        [.. ComposeNetworks.All(plan)]);
}

/// <summary>A network of the run.</summary>
public sealed record ComposeNetwork
{
    /// <summary>Its key in the file: <c>internal</c>, <c>relay</c> or <c>egress</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Its name in the engine.</summary>
    public required string Name { get; init; }

    /// <summary>Its subnet.</summary>
    public required string Subnet { get; init; }

    /// <summary>Whether it leads nowhere. Then the bridge gets no address on the host either, or the agent would reach every service of the host that listens on all addresses (facts/docker.md 4).</summary>
    public required bool Internal { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyList<ComposeEntry> Labels { get; init; }
}
