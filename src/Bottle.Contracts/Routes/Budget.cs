namespace Bottle.Contracts.Routes;

/// <summary>What one run may use in all (SPEC N10), <c>budget</c> of routes.yaml: egress counts, and refuses what comes when a kind is spent. Each null = without limit.</summary>
public sealed record Budget
{
    /// <summary>The largest number of minutes: a year.</summary>
    public const int MostMinutes = 366 * 24 * 60;

    /// <summary>The largest limit of the other kinds: every reader of JSON reads it exactly.</summary>
    public const long Most = (1L << 53) - 1;

    /// <summary>Minutes of the clock on the wall since egress first started in this run, at least 1.</summary>
    public int? Minutes { get; init; }

    /// <summary>Requests that egress sent on their way, at least 1. What it refused itself is not among them: an agent that errs would use up its run.</summary>
    public long? Requests { get; init; }

    /// <summary>Body bytes to and from upstreams together, at least 1.</summary>
    public long? Bytes { get; init; }

    /// <summary>Tokens as the usage fields of a model provider's answers count them, in and out, cached ones too, at least 1.</summary>
    public long? Tokens { get; init; }
}
