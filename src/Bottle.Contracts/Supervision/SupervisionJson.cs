using System.Text.Json.Serialization;

namespace Bottle.Contracts.Supervision;

/// <summary>A proposal's file, member by member; what is missing is null and found by the reader, which reports everything at once.</summary>
internal sealed record ProposalJson
{
    public int? V { get; init; }

    public string? Id { get; init; }

    public string? Tool { get; init; }

    public DateTimeOffset? Created { get; init; }

    public RequestJson? Request { get; init; }

    public IReadOnlyList<string?>? Steps { get; init; }

    public string? Reason { get; init; }

    public NarrowRouteJson? NarrowRoute { get; init; }

    public string? Diff { get; init; }

    public string? DiffSha256 { get; init; }
}

/// <summary>The request of a proposal.</summary>
internal sealed record RequestJson(string? Method, string? Url);

/// <summary>A narrow route by the keys of routes.yaml.</summary>
internal sealed record NarrowRouteJson(string? Host, IReadOnlyList<int>? Ports, IReadOnlyList<string?>? Methods, IReadOnlyList<string?>? PathAllowlist, bool? Inspect);

/// <summary>An answer's file.</summary>
internal sealed record AnswerJson
{
    public int? V { get; init; }

    public string? Id { get; init; }

    public string? Decision { get; init; }

    public string? Reason { get; init; }

    public string? Lease { get; init; }

    public string? DiffSha256 { get; init; }

    public bool? Changed { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n", MaxDepth = 8)]
[JsonSerializable(typeof(ProposalJson))]
[JsonSerializable(typeof(AnswerJson))]
internal sealed partial class SupervisionJson : JsonSerializerContext;
