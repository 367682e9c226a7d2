using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.GitGate;

/// <summary>The gate's structured log: one JSON object a line on standard output. Holds names and counts, never content and never a secret.</summary>
internal static class GateLog
{
    private static readonly Lock Gate = new();

    /// <summary>Writes one event; values that are null are left out.</summary>
    public static void Write(string @event, params ReadOnlySpan<(string Name, JsonNode? Value)> values)
    {
        var line = new JsonObject { ["time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), ["event"] = @event };
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                line[name] = value;
            }
        }
        lock (Gate)
        {
            Console.Out.WriteLine(line.ToJsonString());
        }
    }

    /// <summary>A list of strings as JSON.</summary>
    public static JsonArray List(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode?)JsonValue.Create(item))]);
}
