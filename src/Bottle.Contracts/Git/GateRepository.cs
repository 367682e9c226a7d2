using System.Text.Json.Serialization;

namespace Bottle.Contracts.Git;

/// <summary>One declared remote (SPEC A7): the agent reaches it as <c>git://git-gate/NAME.git</c>. Its key and known_hosts are files of the same name in folders that the gate mounts.</summary>
public sealed record GateRepository
{
    /// <summary>The manifest's name, <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    [JsonRequired]
    public required string Name { get; init; }

    /// <summary>The upstream as <c>ssh://user@host[:port]/path</c>.</summary>
    [JsonRequired]
    public required string Upstream { get; init; }

    /// <summary>What may be pushed.</summary>
    [JsonRequired]
    public PushPolicy Push { get; init; } = new();

    /// <summary>How what is pushed is scanned.</summary>
    [JsonRequired]
    public ScanPolicy Scan { get; init; } = new();
}
