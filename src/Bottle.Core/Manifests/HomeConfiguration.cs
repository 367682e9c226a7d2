namespace Bottle.Core.Manifests;

/// <summary>What an operator sets once for all runs: <c>~/.claude-bottle/config.yaml</c>.</summary>
public sealed record HomeConfiguration
{
    /// <summary>PEM roots that are trusted upstream (SPEC C3); relative paths are meant from the home directory of Bottle.</summary>
    public Located<string>? UpstreamCa { get; init; }

    /// <summary>What becomes of a run whose terminal is lost: <c>stop</c> (as when it is null) or <c>detach</c> (SPEC E10).</summary>
    public Located<string>? OnHangup { get; init; }

    /// <summary>The pool that subnets are cut from, in CIDR notation; the planner checks it.</summary>
    public Located<string>? Subnets { get; init; }

    /// <summary>The command that is run for every new proposal, word by word (SPEC J5); empty for none. It gets the proposal as JSON on standard input.</summary>
    public IReadOnlyList<Located<string>> OnProposal { get; init; } = [];
}
