using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>The run has no bytes left for the rest of an answer.</summary>
internal sealed class BudgetSpentException(Refusal refusal) : IOException(refusal.Reason)
{
    /// <summary>What the agent is told when its answer has not begun.</summary>
    public Refusal Refusal { get; } = refusal;
}
