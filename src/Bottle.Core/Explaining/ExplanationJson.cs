using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bottle.Core.Explaining;

/// <summary>Explanations and pages as JSON documents.</summary>
public static class ExplanationJson
{
    /// <summary><c>{method, url, decision, code, layers: [{layer, answer, source}], advice: {text, route, also_allows}}</c>; what does not apply is left out.</summary>
    public static string Render(Explanation explanation) => Write(json =>
    {
        json.WriteString("method", explanation.Method);
        json.WriteString("url", explanation.Url);
        json.WriteString("decision", explanation.IsAllowed ? "allowed" : "denied");
        if (explanation.Code is { } code)
            json.WriteString("code", code);
        json.WriteStartArray("layers");
        foreach (var layer in explanation.Layers)
        {
            json.WriteStartObject();
            json.WriteString("layer", layer.Layer);
            json.WriteString("answer", layer.Answer);
            if (layer.Where is { } where)
                json.WriteString("source", where.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (explanation.Advice is { } advice)
            WriteAdvice(json, advice);
    });

    /// <summary><c>{code, phase, what, why, example, fix}</c>; what a page has not is left out.</summary>
    public static string Render(CodePage page) => Write(json =>
    {
        json.WriteString("code", page.Code);
        json.WriteString("phase", page.Phase);
        json.WriteString("what", page.What);
        if (page.Why is { } why)
            json.WriteString("why", why);
        if (page.Example is { } example)
            json.WriteString("example", example);
        if (page.Fix is { } fix)
            json.WriteString("fix", fix);
    });

    private static void WriteAdvice(Utf8JsonWriter json, Advice advice)
    {
        json.WriteStartObject("advice");
        json.WriteString("text", advice.Text);
        if (advice.Route is { } route)
        {
            json.WriteString("route", route);
            json.WriteStartArray("also_allows");
            foreach (var sentence in advice.AlsoAllows)
                json.WriteStringValue(sentence);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
