namespace Bottle.Contracts.Audit;

/// <summary>What a look at one audit file found.</summary>
/// <param name="Records">How many lines are records.</param>
/// <param name="Head">The hash of the last one; 64 zeros without any.</param>
/// <param name="Problems">What is wrong; the file is whole without any.</param>
/// <param name="Notes">What looks odd and is accounted for by a later record.</param>
public sealed record AuditVerdict(long Records, string Head, IReadOnlyList<AuditProblem> Problems, IReadOnlyList<AuditProblem> Notes)
{
    /// <summary>Whether nothing is missing, changed, moved or cut off, as far as the file itself can tell.</summary>
    public bool IsWhole => Problems.Count == 0;
}

/// <summary>One thing wrong in an audit file.</summary>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Fault">What kind of thing.</param>
/// <param name="Message">A sentence without a final stop.</param>
public sealed record AuditProblem(int Line, AuditFault Fault, string Message);

/// <summary>How a line of an audit file is not as it was written.</summary>
public enum AuditFault
{
    /// <summary>It is no record at all.</summary>
    Unreadable,

    /// <summary>Its own hash does not fit it, or the next record's <c>prev</c> does not.</summary>
    Changed,

    /// <summary>Records before it are not there.</summary>
    Missing,

    /// <summary>It stands elsewhere than it was written, or twice.</summary>
    Moved,

    /// <summary>The end is cut off.</summary>
    Truncated,

    /// <summary>It belongs to another run.</summary>
    Foreign,
}
