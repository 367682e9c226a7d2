using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>
/// A change that is under way: <c>apply.json</c>, on disk before the first file changes and gone after the last step. It holds all that another process needs to put the old revision back, or to finish the new one:
/// which of the two it is says <c>plan.json</c>, whose exchange is the moment from which the new revision counts.
/// </summary>
internal sealed record ApplyJournal
{
    private const int CurrentVersion = 1;
    private const long Largest = 32 * 1024 * 1024;

    public required int V { get; init; }

    public required int From { get; init; }

    public required int To { get; init; }

    /// <summary>SHA-256 of <c>plan.json</c> as it was: another one of the same revision is that of a run that was started anew since.</summary>
    public required string PlanSha256 { get; init; }

    public required PipelockChange Pipelock { get; init; }

    /// <summary>The pipelock of the new revision, as Compose names it.</summary>
    public required string PipelockService { get; init; }

    /// <summary>The one before.</summary>
    public required string OldPipelockService { get; init; }

    /// <summary>The name under which egress reaches that one.</summary>
    public required string OldPipelockAlias { get; init; }

    public required ChangeOrigin Origin { get; init; }

    public required string Diff { get; init; }

    public required string DiffSha256 { get; init; }

    public required IReadOnlyList<FileChange> Files { get; init; }

    /// <summary>Sidecars that did not confirm their old file when the change was put back, and were started anew to read it.</summary>
    public List<string> StartedAnew { get; init; } = [];

    public static ApplyJournal Of(StateDirectory state, PreparedChange change, ChangeOrigin origin) => new()
    {
        V = CurrentVersion,
        From = change.From.Revision,
        To = change.To.Revision,
        PlanSha256 = PlanHash(state),
        Pipelock = change.Pipelock,
        PipelockService = change.To.Pipelock!.Service,
        OldPipelockService = change.From.Pipelock!.Service,
        OldPipelockAlias = change.From.Pipelock.Alias,
        Origin = origin,
        Diff = change.Diff,
        DiffSha256 = change.DiffSha256,
        Files = change.Files,
    };

    /// <summary>The journal of a run; null when no change is under way; BTL7204 when it cannot be read.</summary>
    public static ApplyJournal? Read(StateDirectory state)
    {
        var path = state[StateLayout.ApplyJournal];
        try
        {
            if (SafeReading.Read(path, Largest) is not var (content, _))
                return null;
            var journal = JsonSerializer.Deserialize(content, ApplyJson.Default.ApplyJournal) ?? throw new JsonException("it says null");
            return journal.V == CurrentVersion ? journal : throw new JsonException("its version is not known");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BottleException(ApplyErrors.JournalUnreadable(path, e.Message), e);
        }
    }

    /// <summary>Whether the run's plan is still the one that the change began with.</summary>
    public bool IsOfThisPlan(StateDirectory state) => PlanHash(state) == PlanSha256;

    public void Write(StateDirectory state) => AtomicFile.Write(state[StateLayout.ApplyJournal], JsonSerializer.Serialize(this, ApplyJson.Default.ApplyJournal) + "\n", AtomicFile.Secret);

    public static void Delete(StateDirectory state) => File.Delete(state[StateLayout.ApplyJournal]);

    private static string PlanHash(StateDirectory state) =>
        SafeReading.Read(state[StateLayout.Plan], Largest) is var (content, _) ? Convert.ToHexStringLower(SHA256.HashData(content)) : "";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ApplyJournal))]
internal sealed partial class ApplyJson : JsonSerializerContext;
