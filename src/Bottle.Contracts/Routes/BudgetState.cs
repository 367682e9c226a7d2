using System.Text.Json.Serialization;

namespace Bottle.Contracts.Routes;

/// <summary>How much of a limit is used.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetState>))]
public enum BudgetState
{
    /// <summary>Less than 80 %, or without limit.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>At least 80 %.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>All of it, or more: what was under way when the limit was reached went on for a moment.</summary>
    [JsonStringEnumMemberName("spent")]
    Spent,
}
