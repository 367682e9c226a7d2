using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>A container of the user's own beside the agent (SPEC A10), such as a database for its tests.</summary>
public sealed record ServiceManifest
{
    /// <summary>Its name, and the host name by which the agent reaches it.</summary>
    public required Located<string> Name { get; init; }

    /// <summary>Its image: by digest, or one that the engine has.</summary>
    public required Located<string> Image { get; init; }

    /// <summary>Its variables, by the rules of the agent's.</summary>
    public IReadOnlyList<EnvironmentManifest> Environment { get; init; } = [];

    /// <summary>Its health check, or null: then the agent waits until it is started, not until it is well.</summary>
    public HealthcheckManifest? Healthcheck { get; init; }
}

/// <summary>A health check as Compose takes it: <see cref="Test"/> begins with <c>CMD</c> or <c>CMD-SHELL</c>; times in milliseconds.</summary>
public sealed record HealthcheckManifest(IReadOnlyList<string> Test, int Interval, int Timeout, int Retries, SourceSpan Where);
