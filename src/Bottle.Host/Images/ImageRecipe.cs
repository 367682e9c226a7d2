namespace Bottle.Host.Images;

/// <summary>How an image of ours is made; equal inputs make an equal <see cref="Tag"/>.</summary>
public sealed record ImageRecipe
{
    /// <summary>What it is for: <c>base</c>, <c>egress</c>, <c>agent-&lt;name&gt;</c>, <c>demo-upstream</c>, <c>pipelock-stand-in</c>; also the value of the label <c>bottle.image</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Its Dockerfile.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The folder that the engine gets; null for images whose program is published, which is all that they get.</summary>
    public string? Context { get; init; }

    /// <summary>The project whose published output is the build's context, or null.</summary>
    public PublishedProgram? Program { get; init; }

    /// <summary>Whether it is built on our base image.</summary>
    public bool UsesBase { get; init; }

    /// <summary>First 12 hex digits of the hash over everything that it is made of.</summary>
    public required string Hash { get; init; }

    /// <summary>The image's name without its tag.</summary>
    public string Name => $"bottle-{Role}";

    /// <summary>The reference: name and content hash.</summary>
    public string Tag => $"{Name}:{Hash}";
}

/// <summary>A project that is published before its image is built.</summary>
/// <param name="Project">The project file.</param>
/// <param name="Hash">First 12 hex digits over its sources and build inputs: published output of this name is reused.</param>
public sealed record PublishedProgram(string Project, string Hash);

/// <summary>An image that is there now.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Tag">Its reference.</param>
/// <param name="WasBuilt">True when this run built it, false when it was there.</param>
/// <param name="Duration">How long that took.</param>
public sealed record ImageReference(string Role, string Tag, bool WasBuilt, TimeSpan Duration);
