namespace Bottle.Core.Planning;

/// <summary>What Bottle itself watches while the agent runs, because no engine does: the disk that its home and working copy take, and its time (SPEC A13).</summary>
/// <param name="DiskMiB">Of both together, in MiB.</param>
/// <param name="Minutes">Of its command.</param>
public sealed record RunBounds(int DiskMiB, int Minutes)
{
    /// <summary>SPEC A13's.</summary>
    public static RunBounds Default { get; } = new(20 * 1024, 720);
}
