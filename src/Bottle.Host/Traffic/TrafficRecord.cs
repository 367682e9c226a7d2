namespace Bottle.Host.Traffic;

/// <summary>What became of a request.</summary>
public enum TrafficDecision
{
    /// <summary>It went out.</summary>
    Allowed,

    /// <summary>Egress refused it.</summary>
    Denied,

    /// <summary>It was allowed, and pipelock or the upstream did not answer well.</summary>
    Failed,
}

/// <summary>One line of egress's request log (SPEC F9). Method, host, path and reason are the agent's words: inert where people see them.</summary>
public sealed record TrafficRecord
{
    /// <summary>When the request came, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The method; <c>CONNECT</c> for a connection that never became a request.</summary>
    public required string Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>; null when the request could not be read.</summary>
    public string? Scheme { get; init; }

    /// <summary>The host asked for; null when it could not be read.</summary>
    public string? Host { get; init; }

    /// <summary>The port; null when it could not be read.</summary>
    public int? Port { get; init; }

    /// <summary>The canonical path without its query; null when it could not be read.</summary>
    public string? Path { get; init; }

    /// <summary>Where the route that decided was written, or its host; null without one.</summary>
    public string? Route { get; init; }

    /// <summary>What became of it.</summary>
    public required TrafficDecision Decision { get; init; }

    /// <summary>The refusal's code (<c>BTL6…</c>); null when allowed.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was refused, or what went wrong; null when nothing did.</summary>
    public string? Reason { get; init; }

    /// <summary>The status that the agent got; 0 when none.</summary>
    public int Status { get; init; }

    /// <summary>Body bytes from the agent.</summary>
    public long BytesIn { get; init; }

    /// <summary>Body bytes to the agent.</summary>
    public long BytesOut { get; init; }

    /// <summary>Milliseconds from the request's head to its end.</summary>
    public double Ms { get; init; }

    /// <summary>The plan revision that judged it.</summary>
    public int Generation { get; init; }

    /// <summary>The lease that admitted it; null without one.</summary>
    public string? Lease { get; init; }

    /// <summary>The slot of the credential that egress set (<c>EGRESS_TOKEN_0</c>); null when it set none.</summary>
    public string? Credential { get; init; }

    /// <summary>The host as people write it, with a port that is not the usual one; <c>?</c> when it could not be read.</summary>
    public string HostAndPort => Host is null ? "?" : Port is null or 443 ? Host : $"{Host}:{Port}";
}
