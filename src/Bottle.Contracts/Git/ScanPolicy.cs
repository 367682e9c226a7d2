using System.Text.Json.Serialization;

namespace Bottle.Contracts.Git;

/// <summary>How the objects of a push are scanned.</summary>
public sealed record ScanPolicy
{
    /// <summary>Findings that the operator has accepted, by <see cref="FindingFingerprint"/>.</summary>
    [JsonRequired]
    public IReadOnlyList<string> AllowFingerprints { get; init; } = [];
}
