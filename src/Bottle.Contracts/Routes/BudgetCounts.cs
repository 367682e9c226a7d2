namespace Bottle.Contracts.Routes;

/// <summary>What egress keeps of a run's use beside its request log, so that it outlives a killed egress: <c>{"started":"2026-01-31T12:00:00+00:00","requests":1,"bytes":2,"tokens":3,"unread_answers":0}</c>.</summary>
public sealed record BudgetCounts
{
    /// <summary>The file's name.</summary>
    public const string FileName = "budget.json";

    /// <summary>When egress first started in this run.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <inheritdoc cref="BudgetUse.Requests"/>
    public required long Requests { get; init; }

    /// <inheritdoc cref="BudgetUse.Bytes"/>
    public required long Bytes { get; init; }

    /// <inheritdoc cref="BudgetUse.Tokens"/>
    public required long Tokens { get; init; }

    /// <inheritdoc cref="BudgetUse.UnreadAnswers"/>
    public required long UnreadAnswers { get; init; }

    /// <summary>The use until <paramref name="now"/>; a clock that was set back before the start counts no minute.</summary>
    public BudgetUse At(DateTimeOffset now) => new()
    {
        Minutes = Math.Max(0, (now - Started).Ticks / TimeSpan.TicksPerMinute),
        Requests = Requests,
        Bytes = Bytes,
        Tokens = Tokens,
        UnreadAnswers = UnreadAnswers,
    };
}
