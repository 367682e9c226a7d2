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

    /// <summary>The narrowest route that lets <see cref="Request"/> through (SPEC N4); null for <see cref="ProposalTool.CapabilityBlock"/>.</summary>
    public Route? NarrowRoute { get; init; }

    /// <summary>The change as the sidecar saw it when it was asked: a unified diff of the route table.</summary>
    public required string Diff { get; init; }

    /// <summary>SHA-256 of <see cref="Diff"/> in UTF-8, 64 hex digits.</summary>
    public required string DiffSha256 { get; init; }
}

/// <summary>A request as the agent names it; <paramref name="Method"/> in capitals.</summary>
public sealed record ProposedRequest(string Method, string Url);

/// <summary>The tools of supervise that write proposals (SPEC I2).</summary>
public enum ProposalTool
{
    /// <summary><c>egress-block</c>: a route.</summary>
    EgressBlock,

    /// <summary><c>pipelock-block</c>: bodies to a host that a route allows are no longer inspected.</summary>
    PipelockBlock,

    /// <summary><c>capability-block</c>: steps on top of the agent's image.</summary>
    CapabilityBlock,
}

/// <summary>How much a queue holds: the sidecar refuses beyond it, the operator's side reads no more.</summary>
public static class ProposalLimits
{
    /// <summary>Characters of a reason.</summary>
    public const int Reason = 2000;

    /// <summary>Characters of a URL.</summary>
    public const int Url = 8 * 1024;

    /// <summary>Bytes of a proposal's file.</summary>
    public const int FileBytes = 64 * 1024;

    /// <summary>Open proposals of one bottle.</summary>
    public const int Open = 32;
}
