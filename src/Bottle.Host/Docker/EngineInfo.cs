namespace Bottle.Host.Docker;

/// <summary>What the engine says of itself (<c>docker info</c>).</summary>
public sealed record EngineInfo
{
    /// <summary>The engine's version, as it writes it (<c>26.1.5+dfsg1</c>).</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Compose's version, without a leading <c>v</c>.</summary>
    public required string ComposeVersion { get; init; }

    /// <summary>Processors that the engine offers; a container that asks for more is refused.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Whether the engine runs without root (containers then run as 0:0, SPEC D13).</summary>
    public bool Rootless { get; init; }

    /// <summary>Names of the runtimes that it offers (<c>runc</c>, <c>runsc</c>); offered is not the same as working.</summary>
    public IReadOnlySet<string> Runtimes { get; init; } = new HashSet<string>();

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get; init; } = "";
}

/// <summary>Why no engine can be used.</summary>
public enum EngineProblem
{
    /// <summary>No <c>docker</c> on PATH.</summary>
    NoClient,
    /// <summary>The client gets no answer from a daemon.</summary>
    NoDaemon,
    /// <summary>The daemon is there and this user may not talk to it.</summary>
    PermissionDenied,
    /// <summary>The engine is older than <see cref="EngineProbe.OldestEngine"/>.</summary>
    EngineTooOld,
    /// <summary>The client has no Compose plugin.</summary>
    ComposeMissing,
    /// <summary>Compose is older than <see cref="EngineProbe.OldestCompose"/>.</summary>
    ComposeTooOld,
}
