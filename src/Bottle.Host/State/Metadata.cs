using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.State;

/// <summary>What a run is: <c>metadata.json</c> (SPEC B3).</summary>
public sealed record Metadata
{
    /// <summary>The agent's name.</summary>
    public required string AgentName { get; init; }

    /// <summary>The bottle's name.</summary>
    public required string Bottle { get; init; }

    /// <summary>Where the operator started it.</summary>
    public required string Cwd { get; init; }

    /// <summary>Whether that folder was copied into the agent (SPEC B6).</summary>
    public bool CopyCwd { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The Compose project.</summary>
    public required string ComposeProject { get; init; }

    /// <summary>Versions by name: bottle, engine, compose and what else matters to a resume.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>The stages in the order in which they first ran.</summary>
    public IReadOnlyList<StageRecord> Stages { get; init; } = [];

    /// <summary>The same with a stage's newest record in its old place, or at the end.</summary>
    public Metadata With(StageRecord stage) => this with
    {
        Stages = Stages.Any(s => s.Name == stage.Name)
            ? [.. Stages.Select(s => s.Name == stage.Name ? stage : s)]
            : [.. Stages, stage],
    };

    internal static Metadata? Read(string path)
    {
        const long limit = 4 * 1024 * 1024;
        try
        {
            return SafeReading.Read(path, limit) is var (content, _) ? JsonSerializer.Deserialize(content, MetadataJson.Default.Metadata) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BottleException(StateErrors.MetadataUnreadable(path, e.Message), e);
        }
    }

    internal void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, MetadataJson.Default.Metadata) + "\n", AtomicFile.Secret);
}

/// <summary>How a stage went.</summary>
/// <param name="Name">The stage's task.</param>
/// <param name="Result"><c>done</c>, <c>failed</c>, <c>skipped</c> …</param>
/// <param name="Started">UTC.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">What people want to know of it, or null.</param>
public sealed record StageRecord(string Name, string Result, DateTimeOffset Started, long Milliseconds, string? Detail = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Metadata))]
internal sealed partial class MetadataJson : JsonSerializerContext;
