namespace Bottle.Contracts.Supervision;

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

    /// <summary>Characters of an answer's reason.</summary>
    public const int AnswerReason = 8 * 1024;

    /// <summary>Characters of a lease as it is written.</summary>
    public const int Lease = 64;

    /// <summary>Steps of one <c>capability-block</c>.</summary>
    public const int Steps = 50;

    /// <summary>Characters of one step.</summary>
    public const int Step = 2000;
}
