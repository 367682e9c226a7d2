using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;

namespace Bottle.Host.Apply;

/// <summary>A change that is planned and rendered, and nothing of it done: what a person is shown, and exactly what is applied then (attacks.md 36).</summary>
public sealed record PreparedChange
{
    /// <summary>The plan in force.</summary>
    public required BottlePlan From { get; init; }

    /// <summary>The next revision.</summary>
    public required BottlePlan To { get; init; }

    /// <summary>What pipelock needs.</summary>
    public required PipelockChange Pipelock { get; init; }

    /// <summary>The files that differ: egress's table, pipelock's configuration, the Compose file.</summary>
    public required IReadOnlyList<FileChange> Files { get; init; }

    /// <summary>What changes in the files that sidecars read, as unified diffs of the files in force; inert.</summary>
    public required string Diff { get; init; }

    /// <summary>SHA-256 of <see cref="Diff"/> in UTF-8, 64 hex digits.</summary>
    public required string DiffSha256 { get; init; }

    /// <summary>What planning had to say that is no error.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>What a person types to say which diff was seen: 12 hex digits, keyed with a secret of the operator's, so that nobody else can look for a second diff of this name.</summary>
    public required string ShortHash { get; init; }
}
