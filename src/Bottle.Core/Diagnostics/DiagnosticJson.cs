using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bottle.Core.Diagnostics;

/// <summary>Diagnostics as JSON: <c>{code, severity, message, file, line, column, length, related: {file, line, column, message}, why, fix}</c>; what is not known is left out.</summary>
public static class DiagnosticJson
{
    /// <summary>A JSON array of all, on one line.</summary>
    public static string Render(IEnumerable<Diagnostic> diagnostics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var diagnostic in diagnostics)
                Write(json, diagnostic);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes one object into a larger document.</summary>
    public static void Write(Utf8JsonWriter json, Diagnostic diagnostic)
    {
        json.WriteStartObject();
        json.WriteString("code", diagnostic.Code);
        json.WriteString("severity", diagnostic.Severity.ToString().ToLowerInvariant());
        json.WriteString("message", diagnostic.Message);
        if (diagnostic.Where is { } where)
        {
            json.WriteString("file", where.File);
            json.WriteNumber("line", where.Line);
            json.WriteNumber("column", where.Column);
            json.WriteNumber("length", where.Length);
        }

        if (diagnostic.Related is { } related)
        {
            json.WriteStartObject("related");
            json.WriteString("file", related.Where.File);
            json.WriteNumber("line", related.Where.Line);
            json.WriteNumber("column", related.Where.Column);
            json.WriteString("message", related.Message);
            json.WriteEndObject();
        }

        if (diagnostic.Why is { } why)
            json.WriteString("why", why);
        if (diagnostic.Fix is { } fix)
            json.WriteString("fix", fix);
        json.WriteEndObject();
    }
}
