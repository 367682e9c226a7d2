using System.Text.Json.Serialization;

namespace Bottle.Contracts.Git;

/// <summary>What an agent may push to one remote (SPEC A7). The defaults allow new work on its own branches and nothing that rewrites or removes.</summary>
public sealed record PushPolicy
{
    /// <summary>Patterns of branches that may be pushed, without <c>refs/heads/</c>; <c>*</c> stands for any characters, slashes too.</summary>
    [JsonRequired]
    public IReadOnlyList<string> Branches { get; init; } = ["agent/*"];

    /// <summary>Patterns of branches that are never pushed, whatever <see cref="Branches"/> says.</summary>
    [JsonRequired]
    public IReadOnlyList<string> Protected { get; init; } = ["main"];

    /// <summary>Whether history may be rewritten.</summary>
    [JsonRequired]
    public bool Force { get; init; }

    /// <summary>Whether branches and tags may be deleted.</summary>
    [JsonRequired]
    public bool Delete { get; init; }

    /// <summary>Whether tags may be pushed.</summary>
    [JsonRequired]
    public bool Tags { get; init; }

    /// <summary>The most bytes of a push as it is sent, and of each file in it.</summary>
    [JsonRequired]
    public long MaxSize { get; init; } = 50_000_000;

    /// <summary>Whether files that run elsewhere (<see cref="RunsElsewhere"/>) may be changed.</summary>
    [JsonRequired]
    public bool AllowCi { get; init; }
}
