using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>An agent as a person wrote it: <c>&lt;root&gt;/agents/&lt;name&gt;.md</c> (SPEC A2); the body is its prompt.</summary>
public sealed record AgentManifest
{
    /// <summary>The file's name without <c>.md</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The path as it is shown to people.</summary>
    public required string File { get; init; }

    /// <summary>The bottle that it runs in.</summary>
    public required Located<string> Bottle { get; init; }

    /// <summary>One line for lists.</summary>
    public string Description { get; init; } = "";

    /// <summary>Directories that are copied in, as written.</summary>
    public IReadOnlyList<Located<string>> Skills { get; init; } = [];

    /// <summary>The command and its arguments; <c>[claude]</c> when none is written.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["claude"];

    /// <summary>The body, trimmed.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The place of the front matter.</summary>
    public required SourceSpan Where { get; init; }
}
