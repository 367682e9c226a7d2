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

    /// <summary>What stands behind the agent's command when it runs without a terminal and reads a prompt on its standard input; null when it cannot.</summary>
    public IReadOnlyList<string>? PromptArguments { get; init; }

    /// <summary>What stands behind the agent's command, at a terminal, when it goes on with its last conversation; null when it cannot.</summary>
    public IReadOnlyList<string>? ResumeArguments { get; init; }

    /// <summary>The same without a terminal, instead of <see cref="PromptArguments"/>.</summary>
    public IReadOnlyList<string>? ResumePromptArguments { get; init; }

    /// <summary>Where in the agent's home its program keeps conversations, relative to the home; the first is there when there is one.</summary>
    public IReadOnlyList<string> Transcript { get; init; } = [];

    /// <summary>The file in the agent's home that it takes standing instructions from, relative to the home; null when it knows none.</summary>
    public string? Instructions { get; init; }

    /// <summary>What its program finds in the agent's home, in the order written; parts of one file follow each other.</summary>
    public IReadOnlyList<ProviderSetting> Settings { get; init; } = [];
}

/// <summary>A file in the agent's home, or a part of one: its path relative to the home, its text, and whether it is there only when supervise is. A file <c>*.json</c> is a JSON object.</summary>
public sealed record ProviderSetting(string File, string Text, bool NeedsSupervise);

/// <summary>One way to pay the provider: egress gets the value of <see cref="HostVariable"/>, the agent gets <c>placeholder</c> under <see cref="AgentVariable"/>.</summary>
public sealed record ProviderCredential(AuthManifest Auth, string HostVariable, string AgentVariable);
