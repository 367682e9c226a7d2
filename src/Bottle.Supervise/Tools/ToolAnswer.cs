using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Bottle.Supervise.Egress;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tools;

/// <summary>The structured result of a tool that asks a person; its members are described in <c>answer.json</c>.</summary>
internal sealed record ToolAnswer(string Status, string? ProposalId, string? Reason, LiveRoute? Granted, string? Lease, string Next)
{
    /// <summary>As the protocol carries it.</summary>
    public CallToolResult ToResult() => ToolResults.Structured(this, ToolResults.Json.ToolAnswer);
}

/// <summary>Results of the protocol: structured content with the same in text for clients that show only that.</summary>
internal static class ToolResults
{
    /// <summary>Without escapes that only HTML needs: the text stands within a JSON string already, and a model reads it.</summary>
    public static ToolJson Json { get; } = new(new JsonSerializerOptions(ToolJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A result with content.</summary>
    public static CallToolResult Structured<T>(T value, JsonTypeInfo<T> type) => new()
    {
        StructuredContent = JsonSerializer.SerializeToElement(value, type),
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(value, type) }],
    };

    /// <summary>A tool's error: the model reads it and can do better.</summary>
    public static CallToolResult Error(string sentence) => new() { IsError = true, Content = [new TextContentBlock { Text = sentence }] };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToolAnswer))]
[JsonSerializable(typeof(LiveTable))]
internal sealed partial class ToolJson : JsonSerializerContext;
