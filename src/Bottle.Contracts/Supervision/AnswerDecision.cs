namespace Bottle.Contracts.Supervision;

/// <summary>The states of an answer.</summary>
public enum AnswerDecision
{
    /// <summary>Granted as asked, not yet in force.</summary>
    Approved,

    /// <summary>Granted otherwise than asked, not yet in force.</summary>
    ApprovedWithChanges,

    /// <summary>Refused.</summary>
    Rejected,

    /// <summary>In force.</summary>
    Applied,

    /// <summary>Granted, but it could not be put in force; the old configuration is.</summary>
    Failed,
}

/// <summary>The decisions' names in files.</summary>
public static class AnswerDecisionNames
{
    /// <summary>The decision's name: <c>approved</c>, <c>approved_with_changes</c>, <c>rejected</c>, <c>applied</c>, <c>failed</c>.</summary>
    public static string Name(this AnswerDecision decision) => decision switch
    {
        AnswerDecision.Approved => "approved",
        AnswerDecision.ApprovedWithChanges => "approved_with_changes",
        AnswerDecision.Rejected => "rejected",
        AnswerDecision.Applied => "applied",
        AnswerDecision.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, null),
    };

    /// <summary>The decision of a name; null for another text.</summary>
    public static AnswerDecision? Parse(string? name) => name switch
    {
        "approved" => AnswerDecision.Approved,
        "approved_with_changes" => AnswerDecision.ApprovedWithChanges,
        "rejected" => AnswerDecision.Rejected,
        "applied" => AnswerDecision.Applied,
        "failed" => AnswerDecision.Failed,
        _ => null,
    };
}
