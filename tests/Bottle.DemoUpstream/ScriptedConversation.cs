using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bottle.DemoUpstream;

/// <summary>
/// A conversation whose prompt says itself what the model shall do: every <c>CALL tool {json} ENDCALL</c> in it is one turn, in their order. How far it has come is the number of calls that the
/// conversation holds already, so that nothing is remembered between requests.
/// </summary>
internal sealed partial class ScriptedConversation
{
    private ScriptedConversation(ScriptedCall? next, int turn, string? lastResult) => (Next, Turn, LastResult) = (next, turn, lastResult);

    /// <summary>What the model calls now; null when the script has ended.</summary>
    public ScriptedCall? Next { get; }

    /// <summary>How many calls came before.</summary>
    public int Turn { get; }

    /// <summary>The text of the newest tool result.</summary>
    public string? LastResult { get; }

    /// <summary>Reads a request of the Messages API.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ScriptedConversation Read(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
            throw new JsonException("messages: Field required");
        var turn = 0;
        string? lastResult = null;
        var prompt = new StringBuilder();
        // Clients add reminders before and behind what matters, so that every message is looked at, not the last alone.
        foreach (var block in messages.EnumerateArray().SelectMany(Blocks))
        {
            switch (Text(block, "type"))
            {
                case "tool_use":
                    turn++;
                    break;
                case "tool_result":
                    lastResult = block.TryGetProperty("content", out var content) ? string.Concat(TextsOf(content)) : "";
                    break;
                case "text":
                    prompt.AppendLine(Text(block, "text"));
                    break;
            }
        }
        var calls = CallPattern().Matches(prompt.ToString());
        // The same prompt comes in requests for a title or a summary, which offer no tools.
        var next = turn < calls.Count && Offers(request, calls[turn].Groups["tool"].Value) ? new ScriptedCall(calls[turn].Groups["tool"].Value, calls[turn].Groups["input"].Value) : null;
        return new ScriptedConversation(next, turn, lastResult);
    }

    private static IEnumerable<JsonElement> Blocks(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            return [];
        return content.ValueKind == JsonValueKind.String
            ? [JsonSerializer.SerializeToElement(new { type = "text", text = content.GetString() })]
            : content.EnumerateArray();
    }

    private static IEnumerable<string?> TextsOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.String ? [content.GetString()] : content.EnumerateArray().Select(block => Text(block, "text"));

    private static bool Offers(JsonElement request, string tool) =>
        request.TryGetProperty("tools", out var tools) && tools.EnumerateArray().Any(offered => Text(offered, "name") == tool);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"CALL (?<tool>\S+) (?<input>\{.*?\}) ENDCALL", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallPattern();
}

/// <summary>One call of a script: the tool's name, and its input as JSON text.</summary>
internal sealed record ScriptedCall(string Tool, string Input);
