using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>One entry of <c>git</c> (SPEC A7): a repository that the agent reaches through the gate alone.</summary>
public sealed record GitRemoteManifest
{
    /// <summary>The agent's name for it: <c>git://git-gate/NAME.git</c>.</summary>
    public required Located<string> Name { get; init; }

    /// <summary>Where it really is; an exact host, never an address.</summary>
    public required Located<SshUpstream> Upstream { get; init; }

    /// <summary>The private key's file, as written; null exactly when the upstream's host is a test upstream, for which Bottle mints one.</summary>
    public Located<string>? IdentityFile { get; init; }

    /// <summary>Upstream's host keys; null with <see cref="IdentityFile"/>.</summary>
    public KnownHostsManifest? KnownHosts { get; init; }

    /// <summary>The IPv4 address of the upstream's host, where no name server knows it.</summary>
    public Located<string>? HostIp { get; init; }

    /// <summary>What may be pushed.</summary>
    public PushPolicy Push { get; init; } = new();

    /// <summary>How it is scanned.</summary>
    public ScanPolicy Scan { get; init; } = new();

    /// <summary>Whether the gate's copy outlives the run.</summary>
    public bool Cache { get; init; }

    /// <summary>The place of the whole entry.</summary>
    public required SourceSpan Where { get; init; }
}

/// <summary>Host keys as the lines of a known_hosts file, or the path of one. Exactly one of the two is set.</summary>
public sealed record KnownHostsManifest(string? Text, string? File, SourceSpan Where);
