namespace Bottle.Core.Planning;

/// <summary>What one container may use: memory in MiB (swap included), whole processors, processes and threads.</summary>
public sealed record Limits(int MemoryMiB, int Cpus, int Pids)
{
    /// <summary>The agent's (SPEC A13's defaults).</summary>
    public static Limits Agent { get; } = new(8192, 4, 2048);

    /// <summary>Egress's: 55 MB at rest; the rest is for 512 requests that stand still with all their buffers full.</summary>
    public static Limits Egress { get; } = new(512, 2, 256);

    /// <summary>Pipelock's: it holds whole bodies while it scans them.</summary>
    public static Limits Pipelock { get; } = new(512, 2, 256);

    /// <summary>The git-gate's: scratch of its scans is on tmpfs and counts.</summary>
    public static Limits GitGate { get; } = new(768, 2, 512);

    /// <summary>Supervise's: a few waiting calls.</summary>
    public static Limits Supervise { get; } = new(256, 1, 128);

    /// <summary>Each of the user's own services'.</summary>
    public static Limits Service { get; } = new(2048, 2, 512);

    /// <summary>A test upstream's.</summary>
    public static Limits TestUpstream { get; } = new(256, 1, 128);

    /// <summary>The same, with no more processors than the engine offers (it refuses such a container).</summary>
    public Limits Within(int cpus) => this with { Cpus = Math.Clamp(Cpus, 1, Math.Max(1, cpus)) };
}
