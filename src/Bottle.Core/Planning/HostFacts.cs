using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Everything that planning needs to know of the host, read once by <c>HostProbe</c>. The defaults are those of <c>Render</c> (SPEC D7).</summary>
public sealed record HostFacts
{
    /// <summary>The operator's user id.</summary>
    public int Uid { get; init; } = 1000;

    /// <summary>The operator's group id.</summary>
    public int Gid { get; init; } = 1000;

    /// <summary>Whether the engine is rootless.</summary>
    public bool Rootless { get; init; }

    /// <summary>TZ, LANG and TERM of the operator (SPEC D5); null when unset.</summary>
    public string? TimeZone { get; init; }

    /// <summary>See <see cref="TimeZone"/>.</summary>
    public string? Language { get; init; }

    /// <summary>See <see cref="TimeZone"/>.</summary>
    public string? Terminal { get; init; }

    /// <summary>Names (never values) of the operator's environment variables that are set and not empty.</summary>
    public IReadOnlySet<string> Variables { get; init; } = new HashSet<string>();

    /// <summary>Files named by <c>file:</c> secrets that can be read, as the manifest writes them.</summary>
    public IReadOnlySet<string> ReadableFiles { get; init; } = new HashSet<string>();

    /// <summary>Key and known_hosts files of git remotes that cannot be used, as the manifest writes them, with the reason.</summary>
    public IReadOnlyList<FileProblem> GitFileProblems { get; init; } = [];

    /// <summary>The operator's name and e-mail in git's configuration; null when either is unset.</summary>
    public GitAuthor? GitAuthor { get; init; }

    /// <summary>URLs of registries by the name of the preset that wants them, as their clients' configuration names them, without user name and password; empty in <c>Render</c>, so that it gives the same on every machine.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Registries { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>First 12 hex digits of the SHA-256 of the home directory's full path: the value of the label <c>bottle.home</c>.</summary>
    public string HomeHash { get; init; } = "000000000000";

    /// <summary>The host folder (on tmpfs in a real run) that holds egress's token file, as Compose shall mount it.</summary>
    public string TokensDirectory { get; init; } = "./egress/tokens";

    /// <summary>IPv4 networks (CIDR) that are taken: host routes and the engine's networks.</summary>
    public IReadOnlyList<string> TakenSubnets { get; init; } = [];

    /// <summary>The pool that subnets are cut from (home configuration <c>subnets</c>).</summary>
    public string SubnetPool { get; init; } = "10.213.0.0/16";

    /// <summary>Processors that the engine offers: it refuses a container that asks for more.</summary>
    public int Cpus { get; init; } = 4;

    /// <summary>Whether gVisor works on the engine.</summary>
    public RunscFacts Runsc { get; init; } = new(false, "no engine was asked for gVisor");

    /// <summary>Who owns a directory that is to be mounted; null without one.</summary>
    public int? MountOwner { get; init; }

    /// <summary>Images of services that the engine has, by the name in the manifest; null where no engine was asked.</summary>
    public IReadOnlySet<string>? LocalImages { get; init; }

    /// <summary>What of a directory that is to be mounted must be read-only, relative to it; empty without such a directory.</summary>
    public IReadOnlyList<string> ProtectedPaths { get; init; } = [];

    /// <summary>Images by role.</summary>
    public ImageFacts Images { get; init; } = new();
}

/// <summary>Whether a container can run under gVisor (<c>runsc</c>), as one that was tried shows, and how that is known, as a phrase.</summary>
public sealed record RunscFacts(bool Works, string Reason);

/// <summary>A file that cannot be used, as the manifest writes it, and why: a phrase that begins with "it".</summary>
public sealed record FileProblem(string File, string Reason);

/// <summary>Image references by role, already resolved to what is used (content-hash tags of our own images).</summary>
public sealed record ImageFacts
{
    /// <summary>The agent's image.</summary>
    public string Agent { get; init; } = "bottle-agent";

    /// <summary>The Dockerfile that <see cref="Agent"/> is built from, as shown to people; null when it is used as it is.</summary>
    public string? AgentDockerfile { get; init; }

    /// <summary>Egress's image.</summary>
    public string Egress { get; init; } = "bottle-egress";

    /// <summary>The git-gate's image.</summary>
    public string GitGate { get; init; } = "bottle-git-gate";

    /// <summary>Supervise's image.</summary>
    public string Supervise { get; init; } = "bottle-supervise";

    /// <summary>Pipelock's image, or the stand-in's.</summary>
    public string Pipelock { get; init; } = "ghcr.io/luckypipewrench/pipelock:2.3.0";

    /// <summary>Whether <see cref="Pipelock"/> is the stand-in: said by the preflight.</summary>
    public bool PipelockIsStandIn { get; init; }

    /// <summary>Test upstreams' images that there are: the name in the manifest to the reference used.</summary>
    public IReadOnlyDictionary<string, string> TestUpstreams { get; init; } = new Dictionary<string, string>();
}

/// <summary>What one launch asks for.</summary>
public sealed record LaunchRequest
{
    /// <summary>The identity, <c>&lt;agent&gt;-&lt;5 base36&gt;</c>.</summary>
    public required string Identity { get; init; }

    /// <summary>The agent.</summary>
    public required AgentManifest Agent { get; init; }

    /// <summary>The bottle that it names.</summary>
    public required BottleManifest Bottle { get; init; }

    /// <summary>What the agent shall do without a terminal (<c>--prompt</c>); null when a person sits at one.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether the agent goes on with a conversation that was kept.</summary>
    public bool Continues { get; init; }

    /// <summary>Every provider file found.</summary>
    public IReadOnlyList<ProviderManifest> Providers { get; init; } = [];

    /// <summary>The directory that the agent shall work in (<c>--cwd</c>, <c>--mount</c>), or null.</summary>
    public WorkspaceRequest? Workspace { get; init; }

    /// <summary>The plan's revision, from 1.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Hosts outside <c>.test</c>, and images that are not Bottle's own, that <c>--allow-test-upstream</c> names.</summary>
    public IReadOnlyList<string> AllowedTestUpstreams { get; init; } = [];

    /// <summary>Whether an operator's own upstream roots are given (<c>--upstream-ca</c> or home configuration).</summary>
    public bool HasUpstreamCa { get; init; }

    /// <summary>Whether <c>--allow-stand-in</c> lets our stand-in guard routes outside <c>.test</c>.</summary>
    public bool AllowStandIn { get; init; }

    /// <summary>How many subnet choices were tried before (SPEC: the next on "Pool overlaps").</summary>
    public int SubnetAttempt { get; init; }

    /// <summary>What is missing on the host is a warning in Plan and Render, an error in Start and with <c>--strict</c>.</summary>
    public bool HostIsRequired { get; init; }
}
