using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;

namespace Bottle.Host.Manifests;

/// <summary>One manifest file: its full path, its path for people (as in places of diagnostics), its name below its root, and its text.</summary>
public sealed record LoadedFile(string FullPath, string Display, string Relative, string Text);

/// <summary>A manifest's name, its description, and the file that it comes from, for lists; of one that cannot be read its first error.</summary>
public sealed record ListedManifest(string Name, string Description, string Display, string? Error = null);

/// <summary>Everything that one agent's launch reads of manifests.</summary>
public sealed record LoadedManifests
{
    /// <summary>The agent.</summary>
    public required AgentManifest Agent { get; init; }

    /// <summary>The bottle that it names.</summary>
    public required BottleManifest Bottle { get; init; }

    /// <summary>Every provider file found, one per name.</summary>
    public required IReadOnlyList<ProviderManifest> Providers { get; init; }

    /// <summary>The provider that the bottle names or the agent's command selects; null when there is none.</summary>
    public ProviderManifest? Provider { get; init; }

    /// <summary>What planning may choose from: the provider that trust covers and nothing else. A name that none has keeps the list, for the error that shows it.</summary>
    public IReadOnlyList<ProviderManifest> PlannedProviders => Provider is not null ? [Provider] : Bottle.Provider is { Value: not "none" } ? Providers : [];

    /// <summary>The files of agent, bottle and <see cref="Provider"/>, in that order.</summary>
    public required IReadOnlyList<LoadedFile> Files { get; init; }

    /// <summary>A directory for each of the agent's skills, full path, in the manifest's order.</summary>
    public required IReadOnlyList<SkillDirectory> Skills { get; init; }

    /// <summary>The name of the folder of the agent's image below <c>images</c>: the agent's where there is one, else the provider's, else the agent's, which then gets the default image.</summary>
    public string ImageName { get; init; } = "";

    /// <summary>The folder of that name (with a Dockerfile, in the first root that has one), full path, or null.</summary>
    public string? ImageDirectory { get; init; }

    /// <summary>Warnings: manifests of these names that come later in the roots.</summary>
    public required IReadOnlyList<Diagnostic> Shadowed { get; init; }
}

/// <summary>A skill: its name as written in the manifest, and its directory.</summary>
public sealed record SkillDirectory(string Name, string FullPath);
