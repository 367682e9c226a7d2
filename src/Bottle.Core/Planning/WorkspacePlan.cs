namespace Bottle.Core.Planning;

/// <summary>How an agent gets the operator's directory (SPEC B6).</summary>
public enum WorkspaceKind
{
    /// <summary>A copy in the run's state; what the agent changed comes home as a patch.</summary>
    Copy,

    /// <summary>The directory itself, writable.</summary>
    Mount,
}

/// <summary>The directory that an agent works in, and begins in.</summary>
/// <param name="Kind">Copied or mounted.</param>
/// <param name="Source">The operator's directory, a full path.</param>
/// <param name="Target">Where the agent sees it.</param>
public sealed record WorkspacePlan(WorkspaceKind Kind, string Source, string Target)
{
    /// <summary>What of a mounted directory the agent can only read, relative to it: files that the host would execute or obey, and git's own folder.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];
}

/// <summary>What a launch says of a directory: how, and which, as a full path.</summary>
public sealed record WorkspaceRequest(WorkspaceKind Kind, string Source);
