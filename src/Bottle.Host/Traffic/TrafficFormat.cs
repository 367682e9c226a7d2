using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Host.Traffic;

/// <summary>Reads lines of the request log, and writes them as JSON for programs: ASCII, so that nothing in it can act on a terminal.</summary>
public static class TrafficFormat
{
    /// <summary>One line without its line feed; null when it is no request's. Members that this version does not know are passed over.</summary>
    public static TrafficRecord? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var record = JsonSerializer.Deserialize(line, TrafficJson.Default.TrafficRecord);
            return record is { BytesIn: >= 0, BytesOut: >= 0 } && double.IsFinite(record.Ms) && Enum.IsDefined(record.Decision) ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One request on one line: the members of the log, those that are null too, after the run's identity.</summary>
    public static string Write(string identity, TrafficRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("identity", identity);
            Members(json, record);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the members of a request into an object that is open.</summary>
    public static void Members(Utf8JsonWriter json, TrafficRecord record)
    {
        json.WriteString("time", record.Time.ToUniversalTime());
        json.WriteString("method", record.Method);
        json.WriteString("scheme", record.Scheme);
        json.WriteString("host", record.Host);
        if (record.Port is { } port)
            json.WriteNumber("port", port);
        else
            json.WriteNull("port");
        json.WriteString("path", record.Path);
        json.WriteString("route", record.Route);
        json.WriteString("decision", TrafficText.Word(record.Decision));
        json.WriteString("code", record.Code);
        json.WriteString("reason", record.Reason);
        json.WriteNumber("status", record.Status);
        json.WriteNumber("bytes_in", record.BytesIn);
        json.WriteNumber("bytes_out", record.BytesOut);
        json.WriteNumber("ms", record.Ms);
        json.WriteNumber("generation", record.Generation);
        json.WriteString("lease", record.Lease);
        json.WriteString("credential", record.Credential);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrafficRecord))]
internal sealed partial class TrafficJson : JsonSerializerContext;
