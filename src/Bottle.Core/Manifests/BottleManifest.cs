using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>A bottle as a person wrote it: front matter of <c>&lt;root&gt;/&lt;name&gt;.md</c> (SPEC A). Only what is well-formed gets here; every value keeps its place.</summary>
public sealed record BottleManifest
{
    /// <summary>The file's name without <c>.md</c>; matches <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The path as it is shown to people.</summary>
    public required string File { get; init; }

    /// <summary>The agent's environment, in the order written.</summary>
    public IReadOnlyList<EnvironmentManifest> Environment { get; init; } = [];

    /// <summary>A provider's name, <c>none</c>, or null: chosen by the agent's command (SPEC A9).</summary>
    public Located<string>? Provider { get; init; }

    /// <summary>What the provider may do on its own servers for the agent (SPEC F11): <c>server_tools</c> and <c>betas</c> of <c>provider</c>; nothing when they are not written.</summary>
    public ProviderPolicy ProviderPolicy { get; init; } = new();

    /// <summary>The routes, in the order written.</summary>
    public IReadOnlyList<RouteManifest> Routes { get; init; } = [];

    /// <summary>The repositories behind the gate, in the order written (SPEC A7).</summary>
    public IReadOnlyList<GitRemoteManifest> Git { get; init; } = [];

    /// <summary>The presets, each of <see cref="PresetName.All"/> and once, in the order written (SPEC A14).</summary>
    public IReadOnlyList<Located<string>> Presets { get; init; } = [];

    /// <summary>Whether the agent may ask for more while it runs (SPEC A8).</summary>
    public bool Supervise { get; init; }

    /// <summary>The agent's container runtime: <c>auto</c>, <c>runc</c> or <c>runsc</c>; null as <c>auto</c> (SPEC M1).</summary>
    public Located<string>? Runtime { get; init; }

    /// <summary>Stand-in upstreams for demos and tests (SPEC A15).</summary>
    public IReadOnlyList<TestUpstreamManifest> TestUpstreams { get; init; } = [];

    /// <summary>What must be allowed and what must be denied, in the order written (SPEC A11).</summary>
    public IReadOnlyList<ExpectationManifest> Expectations { get; init; } = [];

    /// <summary>What the agent may use, or null: the defaults.</summary>
    public LimitsManifest? Limits { get; init; }

    /// <summary>What the whole run may use of its way out, or null: no limit (SPEC N10).</summary>
    public BudgetManifest? Budget { get; init; }

    /// <summary>The user's own containers beside the agent, in the order written (SPEC A10).</summary>
    public IReadOnlyList<ServiceManifest> Services { get; init; } = [];
}

/// <summary>One variable of the agent: a literal, or the operator's variable of the name <see cref="FromHost"/>. Exactly one of the two is set.</summary>
public sealed record EnvironmentManifest
{
    /// <summary>The variable's name inside the agent.</summary>
    public required string Name { get; init; }

    /// <summary>The literal, <c>$$</c> already undone.</summary>
    public string? Literal { get; init; }

    /// <summary>The operator's variable that <c>${NAME}</c> names.</summary>
    public string? FromHost { get; init; }

    /// <summary>The place of the value.</summary>
    public required SourceSpan Where { get; init; }
}

/// <summary>A container that plays an upstream for a demo or a test: its host ends in <c>.test</c> unless the command line names it.</summary>
public sealed record TestUpstreamManifest(Located<string> Host, Located<string> Image, SourceSpan Where);
