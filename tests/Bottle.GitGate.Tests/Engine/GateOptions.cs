namespace Bottle.GitGate.Tests.Engine;

/// <summary>How a gate under test differs from the usual one.</summary>
internal sealed record GateOptions
{
    public string User { get; init; } = "1000:1000";

    /// <summary>The host key that known_hosts pins: <c>hostkey</c> is the upstream's own.</summary>
    public string PinnedKey { get; init; } = "hostkey";

    /// <summary>The key that the gate gets: <c>deploy</c> is the one that upstream knows.</summary>
    public string Key { get; init; } = "deploy";

    public string? Proxy { get; init; }

    /// <summary>Only a network without the upstream: the proxy leads there.</summary>
    public bool InsideOnly { get; init; }

    /// <summary>A folder of the host at /srv/git in place of a tmpfs.</summary>
    public string? CacheFolder { get; init; }

    public string UpstreamHost { get; init; } = Lab.UpstreamHost;

    public string Memory { get; init; } = "512m";

    /// <summary>Of the tmpfs at /srv/git.</summary>
    public string Room { get; init; } = "1g";
}
