namespace Bottle.Contracts.Routes;

/// <summary>One line of the route table (routes.yaml, SPEC D2): what the agent may ask of one host, and the credential that egress adds. Holds names of secrets only.</summary>
public sealed record Route
{
    /// <summary>Exact host or <c>*.suffix</c> (the apex is not included); lower case, no trailing dot.</summary>
    public required string Host { get; init; }

    /// <summary>TCP ports. 80 means plain HTTP, every other one TLS.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [443];

    /// <summary>Exact paths, or prefixes that end in <c>/*</c>; case-sensitive, matched against the canonical path; null = every path.</summary>
    public IReadOnlyList<string>? PathAllowlist { get; init; }

    /// <summary>Upper-case methods; null = every method but TRACE and CONNECT.</summary>
    public IReadOnlyList<string>? Methods { get; init; } = ["GET", "HEAD"];

    /// <summary>Whether pipelock reads bodies of this host; false = its passthrough.</summary>
    public bool Inspect { get; init; } = true;

    /// <summary>Whether a WebSocket may be opened.</summary>
    public bool WebSocket { get; init; }

    /// <summary>Whether the client's own credentials pass.</summary>
    public bool ClientAuthPasses { get; init; }

    /// <summary>The credential that egress sets, or null.</summary>
    public RouteAuth? Auth { get; init; }

    /// <summary>Set on routes of a model provider: requests must be JSON and are read for server-side fetching; null on all others.</summary>
    public ProviderPolicy? Provider { get; init; }

    /// <summary>How long the route is in force (SPEC N3); null = as long as the table. Egress enforces it by itself.</summary>
    public RouteLease? Lease { get; init; }

    /// <summary>The manifest line that this route comes from (<c>bottles/dev.md:14</c>), or the proposal (<c>proposal egress-block-1a2b3c</c>), for people and <c>explain</c>.</summary>
    public string? Source { get; init; }
}

/// <summary>A grant that ends by itself.</summary>
public sealed record RouteLease
{
    /// <summary>Names the grant over all generations, so that what was used up stays used up after a reload; the proposal's id.</summary>
    public required string Id { get; init; }

    /// <summary>UTC; from then on the route allows no new request, and what it let through before (a WebSocket, a long stream) is cut. Null = not by time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many requests it admits in all, whatever becomes of them, at least 1; null = not by number.</summary>
    public int? Uses { get; init; }

    /// <summary>How <c>until</c> is written: RFC 3339 in UTC with a <c>Z</c>; the first form is what Bottle writes, the second takes fractions of a second too.</summary>
    internal static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];
}

/// <summary>A credential by slot: egress looks the value up in its token file.</summary>
public sealed record RouteAuth
{
    /// <summary>How the value is written on the wire.</summary>
    public required AuthScheme Scheme { get; init; }

    /// <summary>The header that carries it, lower case.</summary>
    public string Header { get; init; } = "authorization";

    /// <summary>The slot, <c>EGRESS_TOKEN_&lt;n&gt;</c>.</summary>
    public required string TokenEnv { get; init; }
}

/// <summary>The whole of routes.yaml.</summary>
public sealed record RoutesFile
{
    /// <summary>The file format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The plan revision that rendered it; egress reports it as its generation.</summary>
    public required int Generation { get; init; }

    /// <summary>The pipelock that this generation's requests go through, <c>pipelock</c> or one that replaced it (<c>pipelock-r3</c>); null = the one that egress was started with.</summary>
    public string? Pipelock { get; init; }

    /// <summary>What the whole run may use; null = without limits.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The table, in the manifest's order: the first route whose host and port match, and which allows method and path, wins.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = [];
}
