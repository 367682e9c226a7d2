using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

/// <summary>
/// What an agent asks for: <c>queue/proposals/&lt;id&gt;.json</c> (SPEC I3), written by the supervise sidecar and read by the operator's side with suspicion. It is there as long as the question is open:
/// the sidecar removes it when the answer has been delivered. What is applied is planned by the operator's side from <see cref="Tool"/>, <see cref="Request"/> and <see cref="Steps"/>, never taken from <see cref="Diff"/>.
/// </summary>
public sealed record Proposal
{
    /// <summary>The format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int V { get; init; }

    /// <summary>Never used twice in a run; <c>[a-z0-9][a-z0-9-]{0,63}</c>, the file's name.</summary>
    public required string Id { get; init; }

    /// <summary>Which of the tools asked.</summary>
    public required ProposalTool Tool { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The request that was refused, or is wished for; null for <see cref="ProposalTool.CapabilityBlock"/>.</summary>
    public ProposedRequest? Request { get; init; }

    /// <summary>The steps asked for; null for the other tools.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>The agent's words, at most <see cref="ProposalLimits.Reason"/> characters; untrusted, made inert wherever people see it.</summary>
    public required string Reason { get; init; }

    /// <summary>The narrowest route that lets <see cref="Request"/> through (SPEC N4); null for the tools that ask for no route.</summary>
    public Route? NarrowRoute { get; init; }

    /// <summary>What is asked for as lines that a person reads (<see cref="ProposalDiff"/>), each ending in a line feed: what is added to the route table, what changes in a route, or the steps.</summary>
    public required string Diff { get; init; }

    /// <summary>SHA-256 of <see cref="Diff"/> in UTF-8, 64 hex digits.</summary>
    public required string DiffSha256 { get; init; }

    /// <summary>A proposal with everything that follows from its question.</summary>
    public static Proposal Create(string id, DateTimeOffset created, ProposedQuestion question, string reason)
    {
        var diff = ProposalDiff.Of(question);
        return new Proposal
        {
            V = CurrentVersion,
            Id = id,
            Tool = question.Tool,
            Created = created,
            Request = question.Request,
            Steps = question.Steps,
            Reason = reason,
            NarrowRoute = question.NarrowRoute,
            Diff = diff,
            DiffSha256 = ProposalDiff.Hash(diff),
        };
    }
}
