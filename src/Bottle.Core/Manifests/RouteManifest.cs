using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>One entry of <c>egress.routes</c>: the route itself in the form that egress reads, and what only planning needs (SPEC A6).</summary>
public sealed record RouteManifest
{
    /// <summary>Exact host or <c>*.suffix</c>, lower case, without a trailing dot.</summary>
    public required Located<string> Host { get; init; }

    /// <summary>TCP ports; 443 when none is written.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [443];

    /// <summary>Paths: exact, or a prefix that ends in <c>/*</c>; null when the manifest sets no limit.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Methods, upper case; null means any (written as <c>any</c>).</summary>
    public IReadOnlyList<string>? Methods { get; init; } = ["GET", "HEAD"];

    /// <summary>Whether a WebSocket may be opened.</summary>
    public bool WebSocket { get; init; }

    /// <summary>Whether the client's own credentials pass (<c>client_auth: pass</c>).</summary>
    public bool ClientAuthPasses { get; init; }

    /// <summary>Whether pipelock reads bodies; false is its passthrough.</summary>
    public bool Inspect { get; init; } = true;

    /// <summary>Whether it leads to a model provider's API (<c>model_api: true</c>): egress then reads the requests and refuses server-side fetching (SPEC F11).</summary>
    public bool ModelApi { get; init; }

    /// <summary>The credential that egress sets.</summary>
    public AuthManifest? Auth { get; init; }

    /// <summary>Whether <c>auth</c> may stand without paths and methods.</summary>
    public bool Unrestricted { get; init; }

    /// <summary>The preset that made this route and its version, as plans show it (<c>preset npm 1</c>); null for one that a person wrote.</summary>
    public string? Preset { get; init; }

    /// <summary>The place of the whole entry.</summary>
    public required SourceSpan Where { get; init; }
}

/// <summary>A credential by name: how it is sent and where it comes from.</summary>
public sealed record AuthManifest
{
    /// <summary>How the value is written on the wire.</summary>
    public required AuthScheme Scheme { get; init; }

    /// <summary>The header that carries it: <c>authorization</c>, or the one that <c>scheme: header</c> names; lower case.</summary>
    public string Header { get; init; } = "authorization";

    /// <summary>Where the value comes from.</summary>
    public required Located<SecretRef> Token { get; init; }
}
