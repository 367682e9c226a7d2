namespace Bottle.Contracts.Supervision;

/// <summary>The tools of supervise that write proposals (SPEC I2).</summary>
public enum ProposalTool
{
    /// <summary><c>egress-block</c>: a route.</summary>
    EgressBlock,

    /// <summary><c>pipelock-block</c>: bodies to a host that a route allows are no longer inspected.</summary>
    PipelockBlock,

    /// <summary><c>capability-block</c>: steps on top of the agent's image.</summary>
    CapabilityBlock,
}

/// <summary>The tools' names on the wire.</summary>
public static class ProposalToolNames
{
    /// <summary>The tool's name: <c>egress-block</c>, <c>pipelock-block</c>, <c>capability-block</c>.</summary>
    public static string Name(this ProposalTool tool) => tool switch
    {
        ProposalTool.EgressBlock => "egress-block",
        ProposalTool.PipelockBlock => "pipelock-block",
        ProposalTool.CapabilityBlock => "capability-block",
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, null),
    };

    /// <summary>The tool of a name; null for another text.</summary>
    public static ProposalTool? Parse(string? name) => name switch
    {
        "egress-block" => ProposalTool.EgressBlock,
        "pipelock-block" => ProposalTool.PipelockBlock,
        "capability-block" => ProposalTool.CapabilityBlock,
        _ => null,
    };
}
