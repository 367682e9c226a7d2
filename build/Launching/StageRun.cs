using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>What is known of a stage before it runs.</summary>
/// <param name="previous">How it went before; null when it never ran.</param>
/// <param name="inputs">What its result depends on; null when it is done every time.</param>
/// <param name="reason">Why it runs; null when what it made still serves.</param>
internal sealed class StageRun(StageRecord? previous, IReadOnlyList<StageInput>? inputs, string? reason)
{
    /// <summary>The reason of a stage that is done every time.</summary>
    internal const string EveryTime = "done every time";

    /// <summary>How it went before; null when it never ran.</summary>
    internal StageRecord? Previous => previous;

    /// <summary>What is recorded of what it depended on; a stage that learns it only while it runs sets it.</summary>
    internal IReadOnlyList<StageInput>? Inputs { get; set; } = inputs;

    /// <summary>Why it runs; null when what it made still serves.</summary>
    internal string? Reason => reason;

    /// <summary>Whether it runs because of what it depends on, and not because something that it made is gone.</summary>
    internal bool InputsChanged { get; init; }
}
