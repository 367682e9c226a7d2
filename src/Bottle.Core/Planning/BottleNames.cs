namespace Bottle.Core.Planning;

/// <summary>Names of the engine's objects of one identity, all derived from it (SPEC D8): teardown needs nothing else.</summary>
public sealed record BottleNames(string Identity)
{
    /// <summary>Label with the identity, on every container, network and image of a run.</summary>
    public const string IdentityLabel = "bottle.identity";

    /// <summary>Label with the service's name.</summary>
    public const string ServiceLabel = "bottle.service";

    /// <summary>Label with the owner's home hash: Cleanup acts on its own home only.</summary>
    public const string HomeLabel = "bottle.home";

    /// <summary>The Compose project.</summary>
    public string Project => $"claude-bottle-{Identity}";

    /// <summary>A service's container; the agent's has no service in its name.</summary>
    public string Container(string service) => service == "agent" ? Project : $"claude-bottle-{service}-{Identity}";

    /// <summary>A network: <c>internal</c>, <c>relay</c> or <c>egress</c>, named as Compose itself would.</summary>
    public string Network(string key) => $"{Project}_{key}";
}
