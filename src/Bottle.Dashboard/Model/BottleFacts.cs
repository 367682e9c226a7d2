using System.Collections.Immutable;

namespace Bottle.Dashboard.Model;

/// <summary>A run as its state folder shows it.</summary>
public sealed record BottleFacts
{
    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>The agent's name; empty when nothing says it.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The bottle's name; empty when nothing says it.</summary>
    public string Bottle { get; init; } = "";

    /// <summary>As lists show it: <c>running</c>, <c>detached</c>, <c>left up on purpose</c>, <c>kept</c> (its state alone) or <c>killed</c>.</summary>
    public required string Standing { get; init; }

    /// <summary>When it was launched; null when nothing says it.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The container runtime of the agent; empty before it is planned.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The revision in force; 0 before it is planned.</summary>
    public int Revision { get; init; }

    /// <summary>Whether the agent may ask for more.</summary>
    public bool IsSupervised { get; init; }

    /// <summary>What is recorded of its stages, in the order of the launch.</summary>
    public ImmutableArray<StageFacts> Stages { get; init; } = [];

    /// <summary>Whether a process owns it.</summary>
    public bool IsAlive => Standing is "running" or "detached";

    /// <summary>Whether nobody owns it and it is there on purpose, to be gone on with.</summary>
    public bool IsKept => Standing is "kept" or "left up on purpose";
}

/// <summary>A stage of a launch.</summary>
/// <param name="Name">The stage.</param>
/// <param name="DependsOn">The stages that it waits for.</param>
/// <param name="Result"><c>succeeded</c>, <c>failed</c>, or null when it has not run.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">Why it ran or failed; null when nothing is said.</param>
public sealed record StageFacts(string Name, ImmutableArray<string> DependsOn, string? Result = null, long Milliseconds = 0, string? Detail = null);

/// <summary>What the engine says of a run.</summary>
/// <param name="Running">How many of its containers run.</param>
/// <param name="Others">Containers that do not run or are not well, with what the engine calls it.</param>
/// <param name="Memory">What the agent's container uses, in bytes; null when it is not known.</param>
public sealed record EngineFacts(int Running, ImmutableArray<string> Others, long? Memory);
