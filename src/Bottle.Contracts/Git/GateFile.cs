using System.Text.Json.Serialization;

namespace Bottle.Contracts.Git;

/// <summary>The whole of the gate's configuration, <c>gate.json</c>: rendered on the host, read once by the sidecar at its start. Holds no secret.</summary>
public sealed record GateFile
{
    /// <summary>The file format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The format; only <see cref="CurrentVersion"/> is read.</summary>
    [JsonRequired]
    public int V { get; init; } = CurrentVersion;

    /// <summary>The remotes, by name; names differ.</summary>
    [JsonRequired]
    public required IReadOnlyList<GateRepository> Repositories { get; init; }
}
