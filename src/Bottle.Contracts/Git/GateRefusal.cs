namespace Bottle.Contracts.Git;

/// <summary>Why the gate refuses, in words for the agent: no detail of the host, never a secret. Also one record of the gate's log.</summary>
/// <param name="Code"><c>BTL64nn</c> (ARCHITECTURE.md, Diagnostics: 6 is agent-facing).</param>
/// <param name="Message">One sentence without a final stop.</param>
/// <param name="Fix">What the agent can do.</param>
public sealed record GateRefusal(string Code, string Message, string Fix)
{
    /// <summary>More lines, one item each: paths, findings.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
