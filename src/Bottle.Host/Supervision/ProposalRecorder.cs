using Bottle.Host.Audit;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>Records in the audit log that an agent asked, when its question is first seen: also of what is withdrawn, or never answered.</summary>
public sealed class ProposalRecorder(AuditLog audit, StateDirectory state)
{
    // A hostile bottle could ask for ever. What a person decides is recorded in any case, with its question.
    private const int Most = 1000;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>One round; a line to be told when it records no more, else null. BTL3106 and BTL7302 when the log cannot be written.</summary>
    public async Task<string?> TendAsync(CancellationToken cancellationToken)
    {
        foreach (var proposal in new ProposalFolder(state, null).Read().Proposals.Where(proposal => !known.Contains(proposal.Id)))
        {
            if (known.Count >= Most)
                return null;
            await audit.AppendProposedAsync(state.Identity, proposal, cancellationToken).ConfigureAwait(false);
            known.Add(proposal.Id);
            if (known.Count == Most)
                return $"{Most} proposals are recorded; of those that follow only the ones that somebody decides about are";
        }
        return null;
    }
}
