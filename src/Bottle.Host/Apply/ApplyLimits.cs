namespace Bottle.Host.Apply;

/// <summary>How long the steps of a change may take.</summary>
public sealed record ApplyLimits
{
    /// <summary>Another change that is under way.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A sidecar's word that it has the new configuration.</summary>
    public TimeSpan Confirm { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests that began before pipelock was replaced; what is left of them then ends with it.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Until a signal is sent again that had no effect.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(1);
}
