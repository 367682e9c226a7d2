using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.State;

/// <summary>What a run is: <c>metadata.json</c> (SPEC B3).</summary>
public sealed record Metadata
{
    /// <summary>The version of the format that this Bottle writes: 2 added what stages depend on. Older files are read, newer ones refused.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The version of the format; 0 in files of before it was written.</summary>
    public int Format { get; init; } = CurrentFormat;

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

    /// <summary>Arguments of the launch that a resume takes over, by name, with full paths; null in files of format 1.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Arguments { get; init; }

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
            if (SafeReading.Read(path, limit) is not var (content, _))
                return null;
            var read = JsonSerializer.Deserialize(content, MetadataJson.Default.Metadata) ?? throw new JsonException("it says null");
            return read.Format <= CurrentFormat ? read : throw new JsonException($"its format {read.Format} is of a newer Bottle");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BottleException(StateErrors.MetadataUnreadable(path, e.Message), e);
        }
    }

    internal void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this with { Format = CurrentFormat }, MetadataJson.Default.Metadata) + "\n", AtomicFile.Secret, outlivesPowerLoss: false);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Metadata))]
internal sealed partial class MetadataJson : JsonSerializerContext;
