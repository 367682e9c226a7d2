namespace Bottle.Core.Manifests;

/// <summary>What an agent command needs of its vendor (SPEC A9, A12): <c>bottles/providers/&lt;name&gt;.yaml</c>.</summary>
public sealed record ProviderManifest
{
    /// <summary>The file's name without <c>.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The path as it is shown to people.</summary>
    public required string File { get; init; }

    /// <summary>The first word of an agent's command that selects this provider, for example <c>claude</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Whether an agent's command selects this provider, however the path of its program is spelt. The one rule: what is trusted is what is planned with.</summary>
    public bool IsFor(IReadOnlyList<string> command) => command.Count > 0 && command[0].Split('/')[^1] == Command;

    /// <summary>Default routes, without <c>auth</c>: every one gets the credential that the operator has.</summary>
    public IReadOnlyList<RouteManifest> Routes { get; init; } = [];

    /// <summary>The credentials that it takes, best first: the first whose host variable is set is used.</summary>
    public IReadOnlyList<ProviderCredential> Credentials { get; init; } = [];

    /// <summary>Variables set in the agent (telemetry and self-update off, and the like).</summary>
    public IReadOnlyList<EnvironmentManifest> Environment { get; init; } = [];
}

/// <summary>One way to pay the provider: egress gets the value of <see cref="HostVariable"/>, the agent gets <c>placeholder</c> under <see cref="AgentVariable"/>.</summary>
public sealed record ProviderCredential(AuthManifest Auth, string HostVariable, string AgentVariable);
