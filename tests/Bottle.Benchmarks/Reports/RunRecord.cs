using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Benchmarks.Reports;

/// <summary>Everything that a run measured: the JSON file.</summary>
internal sealed record RunRecord
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public required DateTimeOffset At { get; init; }

    public required string Machine { get; init; }

    public required bool IsComparable { get; init; }

    public required bool IsQuick { get; init; }

    /// <summary>Per round: contestant → metric → value.</summary>
    public required IReadOnlyList<Dictionary<string, Dictionary<string, double>>> Rounds { get; init; }

    /// <summary>The sidecar image's size in MB (10^6 bytes), or null when there is no image.</summary>
    public required double? ImageMb { get; init; }

    public required IReadOnlyList<GoalResult> Goals { get; init; }

    internal void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
}
