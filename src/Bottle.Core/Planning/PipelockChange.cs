namespace Bottle.Core.Planning;

/// <summary>What a new revision asks of pipelock, and when: pipelock never lets less pass than egress's table of the same moment, so that no request that egress allows is lost (SPEC G2).</summary>
public enum PipelockChange
{
    /// <summary>Its file stays as it is, byte for byte: only egress takes the new table.</summary>
    None,

    /// <summary>Hosts come: pipelock's file is written and confirmed, then egress's table.</summary>
    ReloadFirst,

    /// <summary>Hosts go: egress's table is written and confirmed, then pipelock's file.</summary>
    ReloadLast,

    /// <summary>A reload cannot do it: the new plan's instance is started and healthy, egress moves over to it with its new table, then the old instance ends.</summary>
    Replace,
}
