using Bottle.Contracts.Git;

namespace Bottle.Core.Planning;

/// <summary>The git-gate sidecar.</summary>
public sealed record GitGatePlan
{
    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>The repositories, in the manifest's order; at least one.</summary>
    public required IReadOnlyList<GitRemotePlan> Remotes { get; init; }

    /// <summary>Name and e-mail of the agent's commits.</summary>
    public required GitAuthor Author { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }
}

/// <summary>One repository behind the gate.</summary>
public sealed record GitRemotePlan
{
    /// <summary>Its name at the gate.</summary>
    public required string Name { get; init; }

    /// <summary>Where it really is.</summary>
    public required SshUpstream Upstream { get; init; }

    /// <summary>The key's file, as the manifest writes it; null: Bottle mints key and host key for its test upstream.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The lines of known_hosts, or null when they are in <see cref="KnownHostsFile"/> or minted.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>The known_hosts file, as the manifest writes it.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>The address of the upstream's host, where the manifest gives one.</summary>
    public string? HostIp { get; init; }

    /// <summary>What may be pushed.</summary>
    public required PushPolicy Push { get; init; }

    /// <summary>How it is scanned.</summary>
    public required ScanPolicy Scan { get; init; }

    /// <summary>Whether the gate's copy is kept for the next run.</summary>
    public bool Cache { get; init; }

    /// <summary>Where a person wrote it, as <c>file:line</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Its address inside the bottle.</summary>
    public string Url => $"git://git-gate/{Name}.git";
}

/// <summary>Who commits; one line each.</summary>
public sealed record GitAuthor(string Name, string Email);
