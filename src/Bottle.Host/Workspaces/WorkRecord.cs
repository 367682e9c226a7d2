using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Host.Workspaces;

/// <summary>What was saved of an agent's directory: <c>runs/&lt;identity&gt;/work.json</c> beside <c>work.patch</c>.</summary>
public sealed record WorkRecord
{
    /// <summary>The version of the format.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The directory that was copied.</summary>
    public required string Directory { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>The changes, in the patch's order.</summary>
    public required IReadOnlyList<WorkFile> Files { get; init; }

    /// <summary>What stays behind, with its reason; at most a thousand are named.</summary>
    public required IReadOnlyList<LeftOut> LeftBehind { get; init; }

    /// <summary>How many more stay behind.</summary>
    public int Unnamed { get; init; }

    /// <summary>How many changes, folders among them, are more or larger than is taken home (<see cref="WorkLimits"/>): then the run's state is kept, because it alone has them.</summary>
    public int NotTaken { get; init; }

    /// <summary>How many new files and folders stay behind because the repository ignores them.</summary>
    public int Ignored { get; init; }

    /// <summary>How many files had a set-user-id or set-group-id bit, which no patch carries.</summary>
    public int SetId { get; init; }

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, WorkRecordJson.Default.WorkRecord);

    internal static WorkRecord Read(ReadOnlySpan<byte> json)
    {
        var record = JsonSerializer.Deserialize(json, WorkRecordJson.Default.WorkRecord) ?? throw new JsonException("it says null");
        return record.Format == CurrentFormat ? record : throw new JsonException($"its format {record.Format} is of another Bottle");
    }
}

/// <summary>One changed file: a part of the patch.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="Offset">Where its part begins in <c>work.patch</c>, in bytes.</param>
/// <param name="Length">How long its part is, in bytes.</param>
/// <param name="Added">Lines added; 0 for a binary file.</param>
/// <param name="Removed">Lines removed; 0 for a binary file.</param>
/// <param name="Flag">Why Bring leaves it out unless it is named; null: it brings it.</param>
public sealed record WorkFile(string Path, string Change, long Offset, long Length, int Added, int Removed, string? Flag);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkRecord))]
internal sealed partial class WorkRecordJson : JsonSerializerContext;
