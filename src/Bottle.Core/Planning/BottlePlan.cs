using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>One launch, decided: what renderers, stages and the preflight read and none of them changes. Equal plans render to equal bytes.</summary>
public sealed record BottlePlan
{
    /// <summary>1 at launch, one more for every change.</summary>
    public required int Revision { get; init; }

    /// <summary><c>&lt;agent&gt;-&lt;5 base36&gt;</c>.</summary>
    public required string Identity { get; init; }

    /// <summary>The agent's name.</summary>
    public required string AgentName { get; init; }

    /// <summary>The bottle's name.</summary>
    public required string BottleName { get; init; }

    /// <summary>Names of the Compose project, containers and networks.</summary>
    public required BottleNames Names { get; init; }

    /// <summary>The value of the label <c>bottle.home</c>.</summary>
    public required string HomeHash { get; init; }

    /// <summary>Who the containers run as (SPEC D13).</summary>
    public required RunAs RunAs { get; init; }

    /// <summary>The networks that exist.</summary>
    public required NetworksPlan Networks { get; init; }

    /// <summary>The agent.</summary>
    public required AgentPlan Agent { get; init; }

    /// <summary>Egress, or null when nothing may go out (SPEC D10).</summary>
    public EgressPlan? Egress { get; init; }

    /// <summary>The git-gate, or null when no repository is declared.</summary>
    public GitGatePlan? GitGate { get; init; }

    /// <summary>The supervise sidecar, or null when the agent may not ask (SPEC A8); with it, <see cref="Egress"/> is there, also with an empty table.</summary>
    public SupervisePlan? Supervise { get; init; }

    /// <summary>Pipelock, or null when neither <see cref="Egress"/> nor <see cref="GitGate"/> is there.</summary>
    public PipelockPlan? Pipelock { get; init; }

    /// <summary>The operator's directory that the agent works in, or null.</summary>
    public WorkspacePlan? Workspace { get; init; }

    /// <summary>The user's own containers beside the agent.</summary>
    public IReadOnlyList<ServicePlan> Services { get; init; } = [];

    /// <summary>Stand-in upstreams.</summary>
    public IReadOnlyList<TestUpstreamPlan> TestUpstreams { get; init; } = [];

    /// <summary>What every revision of the table has to allow and to deny (SPEC A11), in the order written.</summary>
    public IReadOnlyList<ExpectationPlan> Expectations { get; init; } = [];
}

/// <summary>A line of <c>expect</c>, as the manifest has it: <c>METHOD https://host/path</c>, whether it must be allowed, and its place.</summary>
public sealed record ExpectationPlan(string Text, bool IsAllowed, SourceSpan Where);

/// <summary>The user and group of every container.</summary>
public sealed record RunAs(int Uid, int Gid)
{
    /// <summary><c>uid:gid</c>.</summary>
    public override string ToString() => $"{Uid}:{Gid}";
}

/// <summary>One network: explicit subnet, internal or not.</summary>
public sealed record NetworkPlan(string Name, string Subnet, bool Internal);

/// <summary>The networks of ARCHITECTURE.md; <see cref="Relay"/> and <see cref="Egress"/> are null without pipelock.</summary>
public sealed record NetworksPlan(NetworkPlan Internal, NetworkPlan? Relay, NetworkPlan? Egress);

/// <summary>The agent's container.</summary>
public sealed record AgentPlan
{
    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>The command that Attach executes.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The prompt (SPEC D5).</summary>
    public required string Prompt { get; init; }

    /// <summary>What the command reads on its standard input, without a terminal (<c>--prompt</c>); null when a person sits at it.</summary>
    public string? Request { get; init; }

    /// <summary>What is executed in the container: <see cref="Command"/>, with <see cref="Request"/> on its standard input where there is one.</summary>
    public IReadOnlyList<string> Invocation => Request is null ? Command : ["sh", "-c", $"exec \"$@\" <{StateLayout.AgentRequestMount}", "sh", .. Command];

    /// <summary>Where in the agent's home its program keeps conversations; the first is there when there is one.</summary>
    public IReadOnlyList<string> Transcript { get; init; } = [];

    /// <summary>What stands in the agent's home before its first command, in ordinal order of the paths.</summary>
    public IReadOnlyList<HomeFile> HomeFiles { get; init; } = [];

    /// <summary>Skill directories, as the manifest writes them.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>Variables in ordinal order of their names.</summary>
    public required IReadOnlyList<EnvironmentVariable> Environment { get; init; }

    /// <summary>The provider folded in, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether a passwd entry is mounted because the image knows no such user (SPEC D13).</summary>
    public bool NeedsPasswdEntry { get; init; }

    /// <summary>The Dockerfile that the image is built from, as shown to people; null when the image is used as it is.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>The container runtime.</summary>
    public required RuntimePlan Runtime { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }

    /// <summary>What it may use that Bottle itself watches.</summary>
    public RunBounds Bounds { get; init; } = RunBounds.Default;

    /// <summary>Where its limits are written, as <c>file:line:column</c>; null where they are the defaults.</summary>
    public string? LimitsSource { get; init; }
}

/// <summary>The agent's container runtime, <c>runc</c> or <c>runsc</c>, and why that one, as a phrase.</summary>
public sealed record RuntimePlan(string Name, string Reason)
{
    /// <summary>The engine's ordinary runtime: containers on the host's kernel.</summary>
    public const string Runc = "runc";

    /// <summary>gVisor's: containers on a kernel of their own.</summary>
    public const string Runsc = "runsc";
}

/// <summary>A variable of the agent: a literal, or the operator's variable <see cref="FromHost"/> whose value is read only when Compose starts.</summary>
public sealed record EnvironmentVariable(string Name, string? Literal, string? FromHost = null)
{
    /// <summary>Where a person wrote it, as <c>file:line:column</c>; null when Bottle sets it.</summary>
    public string? Source { get; init; }
}

/// <summary>The egress sidecar.</summary>
public sealed record EgressPlan
{
    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>The table, as routes.yaml gets it.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    /// <summary>What the run may use of all routes together, or null: no limit.</summary>
    public BudgetPlan? Budget { get; init; }

    /// <summary>Which secret fills which slot.</summary>
    public required IReadOnlyList<TokenSlot> Tokens { get; init; }

    /// <summary>The host folder of the token file, as Compose mounts it.</summary>
    public required string TokensDirectory { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }
}

/// <summary>Slot <c>EGRESS_TOKEN_&lt;n&gt;</c> and the secret that fills it; two routes with one secret share a slot.</summary>
public sealed record TokenSlot(string Name, SecretRef Secret, string Source);

/// <summary>The supervise sidecar: its image and what it may use.</summary>
public sealed record SupervisePlan(string Image, Limits Limits);

/// <summary>Pipelock, the third-party firewall.</summary>
public sealed record PipelockPlan
{
    /// <summary>The revision that started it: 1, or that of a change which no reload can make (<see cref="PipelockChange.Replace"/>).</summary>
    public int Instance { get; init; } = 1;

    /// <summary>Its name on the relay network that no other instance has, <c>pipelock-r&lt;n&gt;</c>; <c>pipelock</c> is whichever one runs.</summary>
    public string Alias => string.Create(CultureInfo.InvariantCulture, $"pipelock-r{Instance}");

    /// <summary>Its Compose service: <c>pipelock</c>, or <see cref="Alias"/> for one that replaced it.</summary>
    public string Service => Instance == 1 ? "pipelock" : Alias;

    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>Whether it is our stand-in.</summary>
    public required bool IsStandIn { get; init; }

    /// <summary>Whether a person lets the stand-in guard hosts outside <c>.test</c>.</summary>
    public bool StandInIsAccepted { get; init; }

    /// <summary><c>api_allowlist</c>: every host of every route and every git remote.</summary>
    public required IReadOnlyList<string> Allowlist { get; init; }

    /// <summary><c>passthrough_domains</c>: the hosts that are not inspected, those of git remotes among them.</summary>
    public required IReadOnlyList<string> Passthrough { get; init; }

    /// <summary><c>ssrf.ip_allowlist</c>: the /32 of each test upstream and of each <c>host_ip</c>, nothing else.</summary>
    public required IReadOnlyList<string> AllowedAddresses { get; init; }

    /// <summary>Names that it is told the address of (<c>host_ip</c>), by host.</summary>
    public IReadOnlyList<KnownAddress> ExtraHosts { get; init; } = [];

    /// <summary>Whether upstream roots of the operator's, or a test authority, are given to it (SSL_CERT_FILE).</summary>
    public required bool HasOwnRoots { get; init; }

    /// <summary>Headers, lower case, that egress fills on inspected routes: its header scan must not take the operator's own credential for a leak.</summary>
    public required IReadOnlyList<string> CredentialHeaders { get; init; }

    /// <summary>Whether it resolves names outside the run; false when every route ends at a test upstream, whose name the engine itself knows.</summary>
    public required bool ResolvesOutside { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }
}

/// <summary>A host whose address the manifest gives.</summary>
public sealed record KnownAddress(string Host, string Address);

/// <summary>A stand-in upstream on the egress network.</summary>
public sealed record TestUpstreamPlan
{
    /// <summary>Its host, an alias on the egress network.</summary>
    public required string Host { get; init; }

    /// <summary>The Compose service, <c>upstream-&lt;n&gt;</c> from 1.</summary>
    public required string Service { get; init; }

    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>Whether it gets a certificate: a route leads to it, or one can be granted while the bottle runs.</summary>
    public required bool HasCertificate { get; init; }

    /// <summary>Whether a git remote leads to it: it gets an ssh host key, and lets the client key in that is minted with it.</summary>
    public required bool HasGit { get; init; }

    /// <summary>Its fixed address.</summary>
    public required string Address { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }
}
