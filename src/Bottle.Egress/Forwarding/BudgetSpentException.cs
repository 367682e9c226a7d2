using Bottle.Egress.Logging;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>The run has no bytes left for the rest of an answer or of a WebSocket.</summary>
internal sealed class BudgetSpentException(Refusal refusal) : IOException(refusal.Reason)
{
    /// <summary>What the agent is told when its answer has not begun.</summary>
    public Refusal Refusal { get; } = refusal;

    /// <summary>Comes before a piece is passed on: the piece that reaches the limit still passes, the next one does not.</summary>
    public static void ThrowIfSpent(RequestRecord record)
    {
        if (record.FindByteRefusal() is { } refusal)
        {
            throw new BudgetSpentException(refusal);
        }
    }
}
