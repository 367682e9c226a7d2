using System.Net;

namespace Bottle.PipelockStandIn.Configuration;

/// <summary>What of pipelock.yaml the stand-in enforces.</summary>
internal sealed record StandInConfig
{
    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Hash { get; init; } = "";
    public required IReadOnlyList<string> Allowlist { get; init; }
    public required IPEndPoint Listen { get; init; }
    public required string CaCertificate { get; init; }
    public required string CaKey { get; init; }
    public required IReadOnlyList<string> Passthrough { get; init; }
    public long MaxResponseBytes { get; init; } = 5 * 1024 * 1024;
    public bool ScanBodies { get; init; } = true;
    public bool Blocks { get; init; }
    public long MaxBodyBytes { get; init; } = 5 * 1024 * 1024;
    public bool ScanHeaders { get; init; } = true;
    public bool AllHeaders { get; init; }
    public IReadOnlyList<string> SensitiveHeaders { get; init; } = [];
    public IReadOnlyList<string> IgnoredHeaders { get; init; } = [];
    public IReadOnlyList<IPNetwork> AllowedAddresses { get; init; } = [];

    /// <summary>Keys that are read and checked, but mean nothing to the stand-in: told when it starts.</summary>
    public IReadOnlyList<string> NotEnforced { get; init; } = [];
}
