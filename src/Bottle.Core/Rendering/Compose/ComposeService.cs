using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>One service. Hardening that no service goes without is written by <see cref="ComposeRenderer"/> and is not a choice here.</summary>
public sealed record ComposeService
{
    /// <summary>Its name in the file, and its alias on its networks.</summary>
    public required string Name { get; init; }

    /// <summary>Its container.</summary>
    public required string ContainerName { get; init; }

    /// <summary>The image; never pulled by Compose.</summary>
    public required string Image { get; init; }

    /// <summary><c>uid:gid</c>.</summary>
    public required string User { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyList<ComposeEntry> Labels { get; init; }

    /// <summary>The runtime, or null for the engine's own.</summary>
    public string? Runtime { get; init; }

    /// <summary>Replaces the image's entry point and command; empty keeps them.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Arguments of the entry point; empty keeps the image's.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Where commands begin; null: where the image says.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables; a null value is taken from Compose's own environment by name.</summary>
    public IReadOnlyList<ComposeVariable> Environment { get; init; } = [];

    /// <summary>Folders and files of the state directory, and of a directory that the operator mounts.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>In-memory folders, <c>path:options</c>.</summary>
    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    /// <summary>The networks that it joins.</summary>
    public required IReadOnlyList<ComposeEndpoint> Networks { get; init; }

    /// <summary>Names that it is told the address of.</summary>
    public IReadOnlyList<ComposeEntry> ExtraHosts { get; init; } = [];

    /// <summary>Whether the embedded DNS may forward its questions; names of the run are answered in any case.</summary>
    public bool ResolvesOutside { get; init; }

    /// <summary>Services that must be up before it.</summary>
    public IReadOnlyList<ComposeDependency> DependsOn { get; init; } = [];

    /// <summary>
    /// Whether the engine starts it again when it fails (is killed, runs out of memory), until it is stopped. While it is away everything that needs it fails, so nothing gets past. A first start that
    /// fails ends <c>up --wait</c> all the same, as "is unhealthy" (measured with Compose 2.26), and <c>down</c> ends one that keeps failing.
    /// </summary>
    public bool RestartsOnFailure { get; init; }

    /// <summary>Whether its root file system can be written; nothing of Bottle's own needs that.</summary>
    public bool RootIsWritable { get; init; }

    /// <summary>How often <see cref="Healthcheck"/> is run.</summary>
    public ComposeHealthTimes HealthTimes { get; init; } = ComposeHealthTimes.Ours;

    /// <summary>The program that tells whether it is healthy; empty: the image's own, if it has one.</summary>
    /// <remarks>There is no way to switch the image's off: Compose 2.26 then fails <c>up --wait</c> with "has no healthcheck configured".</remarks>
    public IReadOnlyList<string> Healthcheck { get; init; } = [];
}

/// <summary>Interval and timeout of a health check in milliseconds, and after how many failures in a row it counts.</summary>
public sealed record ComposeHealthTimes(int Interval, int Timeout, int Retries)
{
    /// <summary>Those of Bottle's own sidecars.</summary>
    public static ComposeHealthTimes Ours { get; } = new(1000, 3000, 30);
}

/// <summary>A bind mount in long form; the source is relative to the Compose file unless it starts with <c>/</c>.</summary>
public sealed record ComposeMount(string Source, string Target, bool ReadOnly = true);

/// <summary>A service on a network: a fixed address and further names, where it has them.</summary>
public sealed record ComposeEndpoint(string Network, string? Address = null, string? Alias = null);

/// <summary>A service that must be up, or healthy, first.</summary>
public sealed record ComposeDependency(string Service, bool Healthy);
