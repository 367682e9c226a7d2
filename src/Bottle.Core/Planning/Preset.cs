namespace Bottle.Core.Planning;

/// <summary>A versioned set of routes under a name (SPEC A14). A set that changes what an agent may reach gets a new version, which plans and preflights show.</summary>
internal sealed record Preset
{
    /// <summary>The name in a manifest.</summary>
    public required string Name { get; init; }

    /// <summary>The version of its routes, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Routes whose hosts are known beforehand; empty where the client's configuration names them.</summary>
    public IReadOnlyList<PresetRoute> Fixed { get; init; } = [];

    /// <summary>The paths of a registry, by where it lies; null means all of its host.</summary>
    public Func<RegistryEndpoint, IReadOnlyList<string>?> Paths { get; init; } = _ => null;

    /// <summary>The client that knows the registry, as people call it; null with <see cref="Fixed"/>.</summary>
    public string? Client { get; init; }

    /// <summary>How to tell the client, as a command or a file's line.</summary>
    public string? Configure { get; init; }
}

/// <summary>A route of a preset whose host is known beforehand.</summary>
internal sealed record PresetRoute(string Host, IReadOnlyList<string> Methods);
