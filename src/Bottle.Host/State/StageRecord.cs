namespace Bottle.Host.State;

/// <summary>How a stage went, when it last ran.</summary>
/// <param name="Name">The stage's task.</param>
/// <param name="Result"><see cref="Succeeded"/> or <see cref="Failed"/>; a stage that was killed has no record, or its last one.</param>
/// <param name="Started">UTC.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">What people want to know of it, or null.</param>
public sealed record StageRecord(string Name, string Result, DateTimeOffset Started, long Milliseconds, string? Detail = null)
{
    /// <summary>The result of a stage that reached its end.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>The result of a stage that did not.</summary>
    public const string Failed = "failed";

    /// <summary>Why it ran, for people; null in records of format 1.</summary>
    public string? Cause { get; init; }

    /// <summary>What its result depends on; null where nothing was recorded, which means that it runs every time.</summary>
    public IReadOnlyList<StageInput>? Inputs { get; init; }

    /// <summary>What it made: a file of the run's folder with the SHA-256 of its content (hex), or <c>container &lt;name&gt;</c> with the engine's id.</summary>
    public IReadOnlyDictionary<string, string>? Outputs { get; init; }
}

/// <summary>One thing that a stage's result depends on.</summary>
/// <param name="Name">What it is, in words for people and unique in its stage: <c>route api.example.com</c>.</param>
/// <param name="Hash">SHA-256 of its content (hex); never of a secret that could be guessed.</param>
/// <param name="Where">Where a person wrote it (<c>bottles/dev.md:14</c>), or null.</param>
public sealed record StageInput(string Name, string Hash, string? Where = null)
{
    /// <summary>An input by its content.</summary>
    public static StageInput Of(string name, string content, string? where = null) => new(name, ContentDigest.Of(content), where);
}
