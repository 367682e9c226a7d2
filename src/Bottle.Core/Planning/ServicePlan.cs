namespace Bottle.Core.Planning;

/// <summary>A container of the user's own beside the agent, on the internal network alone.</summary>
public sealed record ServicePlan
{
    /// <summary>Its name: Compose service and host name.</summary>
    public required string Name { get; init; }

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Its variables in ordinal order of their names.</summary>
    public required IReadOnlyList<EnvironmentVariable> Environment { get; init; }

    /// <summary>What tells whether it is well; null: it need only be started.</summary>
    public HealthcheckPlan? Healthcheck { get; init; }

    /// <summary>What it may use.</summary>
    public required Limits Limits { get; init; }

    /// <summary>Where it is declared.</summary>
    public required string Source { get; init; }
}

/// <summary>A health check; times in milliseconds.</summary>
public sealed record HealthcheckPlan(IReadOnlyList<string> Test, int Interval, int Timeout, int Retries);
