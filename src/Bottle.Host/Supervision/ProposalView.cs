using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Host.Apply;

namespace Bottle.Host.Supervision;

/// <summary>An open question as its operator has to see it.</summary>
public sealed record ProposalView
{
    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>The question; its texts are the agent's, and made inert where they are shown.</summary>
    public required Proposal Proposal { get; init; }

    /// <summary>How long it has been waiting.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>What was answered, when the agent has not had it yet; null while the question waits.</summary>
    public Answer? Answer { get; init; }

    /// <summary>What approving would do now; null when it would do nothing (<see cref="Problems"/> say why) or the question is answered.</summary>
    public PreparedChange? Change { get; init; }

    /// <summary>The hash by which <c>--diff</c> names the change, where it is not the change's own: with a lease it stays the one that <c>Proposals</c> lists; and that of steps on the agent's image.</summary>
    public string? Hash { get; init; }

    /// <summary>What approving would let through beside the request; empty where this version cannot apply it.</summary>
    public IReadOnlyList<string> AlsoAllows { get; init; } = [];

    /// <summary>The packages that its steps name, as <see cref="Core.Capability.CapabilityText.Packages"/> has them; empty where it asks for no steps.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Why it cannot be approved as it is.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; init; } = [];
}

/// <summary>What one bottle's agent asks.</summary>
/// <param name="Identity">The run.</param>
/// <param name="Proposals">The questions, oldest first.</param>
/// <param name="Unreadable">What lies in the queue and is none.</param>
/// <param name="IsCutOff">Whether more lay there than is ever read.</param>
/// <param name="Recovered">What a killed command had left and is finished now; null when nothing was left.</param>
/// <param name="Problem">Why nothing can be changed in this bottle at the moment; null when it can.</param>
public sealed record BottleProposals(
    string Identity, IReadOnlyList<ProposalView> Proposals, IReadOnlyList<UnreadableEntry> Unreadable, bool IsCutOff, Recovery? Recovered = null, Diagnostic? Problem = null);
