using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Capability;

/// <summary>The image of a run of its own (SPEC B7), which approved steps have made: what the run goes on with, instead of the one that its manifests name.</summary>
/// <param name="Image">The reference, <c>bottle-run:&lt;identity&gt;-&lt;n&gt;</c>.</param>
/// <param name="Number">How many changes made it, from 1.</param>
public sealed record RunImage(string Image, int Number)
{
    private const long MostBytes = 64 * 1024;

    /// <summary>The image of the next change of a run.</summary>
    public static RunImage Next(StateDirectory state)
    {
        var number = (Read(state)?.Number ?? 0) + 1;
        return new RunImage($"bottle-run:{state.Identity}-{number}", number);
    }

    /// <summary>The run's own image; null when it has none; BTL7404 when that cannot be read.</summary>
    public static RunImage? Read(StateDirectory state)
    {
        var path = state[StateLayout.RunImage];
        try
        {
            return SafeReading.Read(path, MostBytes) is var (content, _) ? JsonSerializer.Deserialize(content, RunImageJson.Default.RunImage) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BottleException(CapabilityErrors.RecordUnreadable(path, e.Message), e);
        }
    }

    /// <summary>Writes it beside its Dockerfile (0600).</summary>
    public void Write(StateDirectory state, string dockerfile)
    {
        AtomicFile.Write(state[StateLayout.RunDockerfile], dockerfile, AtomicFile.Secret);
        AtomicFile.Write(state[StateLayout.RunImage], JsonSerializer.Serialize(this, RunImageJson.Default.RunImage) + "\n", AtomicFile.Secret);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunImage))]
internal sealed partial class RunImageJson : JsonSerializerContext;
