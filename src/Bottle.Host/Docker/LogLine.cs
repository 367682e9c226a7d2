using System.Text;
using System.Text.Json;
using Bottle.Core.Diagnostics;

namespace Bottle.Host.Docker;

/// <summary>One line that a container of a run wrote.</summary>
/// <param name="Time">The engine's own time, RFC 3339 in UTC, of one width: the order as text is the order in time.</param>
/// <param name="Service">The service that wrote it.</param>
/// <param name="Text">What it wrote; not inert.</param>
public sealed record LogLine(string Time, string Service, string Text)
{
    /// <summary>A line as <c>docker logs --timestamps</c> prints it.</summary>
    public static LogLine Of(string service, string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new(line, service, "") : new(line[..space], service, line[(space + 1)..]);
    }

    /// <summary>For people, inert: <c>time service | text</c>.</summary>
    public string Inert(int serviceWidth) => $"{InertText.Line(Time)} {Service.PadRight(serviceWidth)} | {InertText.Line(Text)}";

    /// <summary>For programs, one line of ASCII: <c>{"identity", "time", "service", "text"}</c>.</summary>
    public string Json(string identity)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("identity", identity);
            json.WriteString("time", Time);
            json.WriteString("service", Service);
            json.WriteString("text", Text);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
