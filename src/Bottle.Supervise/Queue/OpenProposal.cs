using Bottle.Contracts.Supervision;

namespace Bottle.Supervise.Queue;

/// <summary>A question that has not been answered, or whose answer has not reached a caller yet.</summary>
/// <param name="proposal">The proposal as it is on disk.</param>
/// <param name="key">Tool and question: <see cref="ProposedQuestion.Key"/>.</param>
internal sealed class OpenProposal(Proposal proposal, (ProposalTool Tool, string Key) key)
{
    private volatile Answer? _final;

    /// <summary>The proposal.</summary>
    public Proposal Proposal { get; } = proposal;

    /// <summary>What makes questions the same.</summary>
    public (ProposalTool Tool, string Key) Key { get; } = key;

    /// <summary>The last word, kept for every caller that waits, because the operator's side may tidy up once the proposal's file is gone.</summary>
    public Answer? Final
    {
        get => _final;
        set => _final = value;
    }

    /// <summary>How many callers wait; changed and read under the queue's lock.</summary>
    public int Waiting { get; set; }

    /// <summary>What was last wrong with the answer's file, so that it is told once.</summary>
    public string? AnswerProblem { get; set; }
}
