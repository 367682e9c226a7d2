namespace Bottle.Core.Diagnostics;

/// <summary>How much a diagnostic weighs: an error stops the phase, a warning and a note do not.</summary>
public enum Severity
{
    /// <summary>The phase stops after it has reported everything.</summary>
    Error,
    /// <summary>The phase goes on; <c>--strict</c> makes it an error.</summary>
    Warning,
    /// <summary>Something worth knowing.</summary>
    Note,
}

/// <summary>One problem: what, where, why Bottle stops here, and how to mend it. The one record behind text, MSBuild, JSON and agent-facing messages.</summary>
public sealed record Diagnostic
{
    /// <summary><c>BTL</c> and four digits; the first digit is the phase (ARCHITECTURE.md, Diagnostics).</summary>
    public required string Code { get; init; }

    /// <summary>One sentence without a final stop.</summary>
    public required string Message { get; init; }

    /// <summary>Error unless said otherwise.</summary>
    public Severity Severity { get; init; } = Severity.Error;

    /// <summary>The place in a manifest, or null when none is to blame.</summary>
    public SourceSpan? Where { get; init; }

    /// <summary>A second place that belongs to the problem, or null.</summary>
    public RelatedPlace? Related { get; init; }

    /// <summary>Why Bottle does not go on.</summary>
    public string? Why { get; init; }

    /// <summary>What to type or to change.</summary>
    public string? Fix { get; init; }

    /// <summary>Whether what follows <see cref="Where"/> on its line can be a secret's value: renderings show the line up to there only.</summary>
    public bool HidesValue { get; init; }

    /// <summary>The exit code of a run that ends on this: 2 for the command line, 10 + first digit for all others.</summary>
    public int ExitCode => Code[3] == '0' ? 2 : 10 + (Code[3] - '0');
}
