using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.Core.Rendering;

/// <summary>JSON objects that Bottle writes into files which others write to as well.</summary>
internal static class JsonObjects
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>The object that a text is; null for anything else.</summary>
    public static JsonObject? Parse(string? text)
    {
        try
        {
            // A key that is there twice is found out only when the object is asked for it.
            return text is not null && JsonNode.Parse(text) is JsonObject file && file.Count >= 0 ? file : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Sets what <paramref name="from"/> has in <paramref name="into"/>, objects key by key; what only <paramref name="into"/> has stays.</summary>
    /// <param name="into">What changes.</param>
    /// <param name="from">What is set.</param>
    /// <param name="fill">Makes of a key or text what stands there in the end; null leaves them as they are.</param>
    public static void Merge(JsonObject into, JsonObject from, Func<string, string>? fill = null)
    {
        foreach (var (name, value) in from)
        {
            var key = fill?.Invoke(name) ?? name;
            if (value is JsonObject inner)
            {
                if (Child(into, key) is not { } child)
                    into[key] = child = [];
                Merge(child, inner, fill);
            }
            else
            {
                into[key] = fill is not null && value is JsonValue text && text.TryGetValue<string>(out var written) ? fill(written) : value?.DeepClone();
            }
        }
    }

    /// <summary>The object as indented text with a final line break.</summary>
    public static string Text(JsonObject file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
            file.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    // An inner object may hold a key twice, which is found out here.
    private static JsonObject? Child(JsonObject parent, string name)
    {
        try
        {
            return parent[name] is JsonObject child && child.Count >= 0 ? child : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
