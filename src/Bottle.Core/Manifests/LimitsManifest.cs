using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>What an agent may use (SPEC A13): what is null was not written, and has its generous default.</summary>
public sealed record LimitsManifest
{
    /// <summary>Memory, swap and <c>/tmp</c> included, in MiB.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>Whole processors.</summary>
    public int? Cpus { get; init; }

    /// <summary>Processes and threads.</summary>
    public int? Pids { get; init; }

    /// <summary>Its home and its copy of the working directory together, in MiB.</summary>
    public int? DiskMiB { get; init; }

    /// <summary>How long its command may run.</summary>
    public int? Minutes { get; init; }

    /// <summary>The place of the key.</summary>
    public required SourceSpan Where { get; init; }
}
