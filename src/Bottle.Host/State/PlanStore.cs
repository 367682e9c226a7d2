using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>Keeps the whole plan of the revision in force in <c>plan.json</c>: what a change of the running bottle starts from, and what it goes back to. Names of secrets only; 0600, and no container sees it.</summary>
public static class PlanStore
{
    /// <summary>Writes the plan; a reader sees the old or the new one, whole. Disk errors are BTL3106.</summary>
    public static void Write(StateDirectory state, BottlePlan plan) =>
        AtomicFile.Write(state[StateLayout.Plan], JsonSerializer.Serialize(plan, PlanStoreJson.Default.BottlePlan) + "\n", AtomicFile.Secret);

    /// <summary>The plan in force; null when none was written; BTL3110 when it cannot be read, or is not one of this version or this run.</summary>
    public static BottlePlan? Read(StateDirectory state)
    {
        const long limit = 16 * 1024 * 1024;
        var path = state[StateLayout.Plan];
        try
        {
            if (SafeReading.Read(path, limit) is not var (content, _))
                return null;
            var plan = JsonSerializer.Deserialize(content, PlanStoreJson.Default.BottlePlan) ?? throw new JsonException("it says null");
            return plan.Identity == state.Identity ? plan : throw new JsonException($"it is the plan of '{InertText.Excerpt(plan.Identity)}'");
        }
        catch (Exception e) when (e is JsonException or IOException or NotSupportedException)
        {
            throw new BottleException(StateErrors.PlanUnreadable(path, e.Message), e);
        }
    }
}

// What the types compute from other members is not written; what they do not know, or must have, is an error.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(BottlePlan))]
[JsonSerializable(typeof(SecretRef))]
internal sealed partial class PlanStoreJson : JsonSerializerContext;
