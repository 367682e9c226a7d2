using Bottle.Host.Apply;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>
/// Tells the operator's <c>on_proposal</c> each new proposal once (SPEC J5), as JSON.
/// A bottle that asks faster than a person could read waits: so many a minute, and what is gone by then is not told.
/// </summary>
public sealed class ProposalWatch(OperatorDesk desk, StateDirectory state, OperatorHook hook, TimeProvider time)
{
    private const string Event = "proposal";
    private const int MostAMinute = 30;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> told = new();

    /// <summary>One round; returns what went wrong, one line each. The run goes on whatever the command does.</summary>
    public async Task<IReadOnlyList<string>> TendAsync(CancellationToken cancellationToken)
    {
        if (!hook.IsThere)
            return [];
        var open = new ProposalFolder(state, null).Read().Proposals.Select(proposal => proposal.Id).ToHashSet(StringComparer.Ordinal);
        // Ids are never used twice: what is gone needs no memory.
        known.IntersectWith(open);
        if (open.All(known.Contains) || !MayTell())
            return [];
        var problems = new List<string>();
        foreach (var view in (await desk.LookAsync(state, cancellationToken).ConfigureAwait(false)).Proposals.Where(view => view.Answer is null && !known.Contains(view.Proposal.Id)))
        {
            if (!MayTell())
                break;
            known.Add(view.Proposal.Id);
            told.Enqueue(time.GetUtcNow());
            if (await hook.TellAsync(Event, ProposalsJson.Render(view), cancellationToken).ConfigureAwait(false) is { } problem)
                problems.Add($"on_proposal for {view.Proposal.Id}: {problem}");
        }
        return problems;
    }

    private bool MayTell()
    {
        while (told.TryPeek(out var first) && time.GetUtcNow() - first >= TimeSpan.FromMinutes(1))
            told.Dequeue();
        return told.Count < MostAMinute;
    }
}
