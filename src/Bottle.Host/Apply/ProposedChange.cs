using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;

namespace Bottle.Host.Apply;

/// <summary>Makes a change of a question: planned anew from what is asked, never taken from what the file shows (SPEC N4).</summary>
internal static class ProposedChange
{
    /// <summary>The change; null for a question that this version cannot apply.</summary>
    /// <param name="proposal">The question.</param>
    /// <param name="instead">The route that a person wrote instead; null for the one that is asked for.</param>
    /// <param name="lease">How long the route lasts; null for the run, or for what <paramref name="instead"/> says.</param>
    public static PolicyChange? Of(Proposal proposal, Route? instead = null, RouteLease? lease = null) => proposal.Tool switch
    {
        ProposalTool.EgressBlock when (instead ?? Question(proposal).NarrowRoute) is { } route =>
            new PolicyChange.Add(route with { Lease = lease ?? route.Lease, Source = $"proposal {proposal.Id}" }),
        ProposalTool.PipelockBlock => new PolicyChange.StopInspecting(Question(proposal).Key),
        _ => null,
    };

    /// <summary>What a change lets through beside the request that it was asked for with, plain sentences.</summary>
    public static IReadOnlyList<string> AlsoAllows(PolicyChange change) => change switch
    {
        PolicyChange.Add add => NarrowRoute.AlsoAllows(add.Route),
        PolicyChange.StopInspecting stop => [$"Every body to {stop.Host}, by all of its routes, until the run ends; nobody reads them for secrets.", "The same for other hosts where the diff changes a route with '*'."],
        _ => [],
    };

    /// <summary>The question in one line, for records.</summary>
    public static string Words(Proposal proposal) =>
        $"{proposal.Id}: {Asks(proposal)}; the agent says: {proposal.Reason}";

    /// <summary>What is asked for, in one line; not inert.</summary>
    public static string Asks(Proposal proposal) => proposal switch
    {
        { Request: { Method: { } method, Url: var url } } => $"{method} {url}",
        { Request.Url: var url } => $"bodies to the host of {url} not inspected any more",
        { Steps: { } steps } => $"in the agent's image: {string.Join(" | ", steps)}",
        _ => proposal.Tool.Name(),
    };

    private static ProposedQuestion Question(Proposal proposal) => ProposedQuestion.Of(proposal.Tool, proposal.Request, proposal.Steps);
}
