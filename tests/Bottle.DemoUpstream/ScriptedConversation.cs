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
        var turn = 0;
        string? lastResult = null;
        var prompt = new StringBuilder();
        // Clients add reminders before and behind what matters, so that every message is looked at, not the last alone.
        foreach (var block in List(request, "messages").SelectMany(Blocks))
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
        // The same prompt comes in requests for a title or a summary, which offer no tools.
        return At(turn, prompt, lastResult, tool => request.TryGetProperty("tools", out var tools) && tools.EnumerateArray().Any(offered => Text(offered, "name") == tool));
    }

    /// <summary>Reads a request of the Responses API.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ScriptedConversation ReadResponses(JsonElement request)
    {
        var turn = 0;
        string? lastResult = null;
        var prompt = new StringBuilder();
        foreach (var item in List(request, "input"))
        {
            switch (Text(item, "type"))
            {
                case "function_call":
                    turn++;
                    break;
                case "function_call_output":
                    lastResult = item.TryGetProperty("output", out var output) ? string.Concat(TextsOf(output)) : "";
                    break;
                case "message" when Text(item, "role") != "assistant":
                    prompt.AppendLine(string.Concat(Blocks(item).Select(block => Text(block, "text"))));
                    break;
            }
        }
        return At(turn, prompt, lastResult, _ => true);
    }

    private static ScriptedConversation At(int turn, StringBuilder prompt, string? lastResult, Func<string, bool> offers)
    {
        var calls = CallPattern().Matches(prompt.ToString());
        var next = turn < calls.Count && offers(calls[turn].Groups["tool"].Value) ? new ScriptedCall(calls[turn].Groups["tool"].Value, calls[turn].Groups["input"].Value) : null;
        return new ScriptedConversation(next, turn, lastResult);
    }

    private static JsonElement.ArrayEnumerator List(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new JsonException($"{name}: Field required");

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

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"CALL (?<tool>\S+) (?<input>\{.*?\}) ENDCALL", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallPattern();
}

/// <summary>One call of a script: the tool's name, and its input as JSON text.</summary>
internal sealed record ScriptedCall(string Tool, string Input);
