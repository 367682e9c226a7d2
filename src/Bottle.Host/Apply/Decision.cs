using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;

namespace Bottle.Host.Apply;

/// <summary>What a person has been shown and may approve; nothing of it done.</summary>
public sealed record Decision
{
    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>The question.</summary>
    public required Proposal Proposal { get; init; }

    /// <summary>What is to be done.</summary>
    public required PolicyChange Change { get; init; }

    /// <summary>The lease as the operator wrote it; null without a word about it.</summary>
    public string? Lease { get; init; }

    /// <summary>Whether the operator wrote another route than the one asked for.</summary>
    public bool Changed { get; init; }

    /// <summary>What is allowed beside the request, with the lease as it is granted; plain sentences.</summary>
    public IReadOnlyList<string> AlsoAllows => ProposedChange.AlsoAllows(Change);

    /// <summary>What was shown: exactly this is applied.</summary>
    public required PreparedChange Shown { get; init; }

    /// <summary>The hash by which a person names the diff, as <c>Proposals</c> prints it: without the lease, which the command line itself says.</summary>
    public required string ShortHash { get; init; }
}
