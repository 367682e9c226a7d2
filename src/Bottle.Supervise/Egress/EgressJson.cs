using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Supervise.Egress;

/// <summary>What egress's <c>/explain</c> says about one request; members that are not used here are left out.</summary>
/// <param name="Decision"><c>allowed</c> or <c>denied</c>.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal in a sentence.</param>
/// <param name="Route">The route that allows it, or came nearest.</param>
internal sealed record Explanation(string? Decision, string? Code, string? Reason, LiveRoute? Route)
{
    /// <summary>Whether egress lets the request through.</summary>
    [JsonIgnore]
    public bool IsAllowed => Decision == "allowed";
}

/// <summary>A route as introspection shows it; what a lease or a credential adds is left to <c>list-egress-routes</c>.</summary>
internal sealed record LiveRoute(string? Host, IReadOnlyList<int>? Ports, IReadOnlyList<string>? Methods, IReadOnlyList<string>? PathAllowlist, bool? Inspect);

/// <summary>The table in force, its routes as egress wrote them.</summary>
internal sealed record LiveTable(int? Generation, IReadOnlyList<JsonElement>? Routes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(LiveTable))]
internal sealed partial class EgressJson : JsonSerializerContext;
