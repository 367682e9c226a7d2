namespace Bottle.Host.Apply;

/// <summary>What became of a change whose command was ended in the middle.</summary>
/// <param name="Identity">The run.</param>
/// <param name="Revision">The revision in force now, confirmed.</param>
/// <param name="Completed">Whether the change is in force; false when the one before is.</param>
/// <param name="ProposalId">The proposal that has its answer now; null when nobody had asked.</param>
public sealed record Recovery(string Identity, int Revision, bool Completed, string? ProposalId)
{
    /// <summary>For people, one line.</summary>
    public override string ToString() => Completed
        ? $"{Identity}: a command was ended while it applied a change; revision {Revision} was in force already, and its last steps are done now"
        : $"{Identity}: a command was ended while it applied a change; revision {Revision} is in force without it{(ProposalId is { } id ? $", and proposal {id} has failed" : "")}";
}
