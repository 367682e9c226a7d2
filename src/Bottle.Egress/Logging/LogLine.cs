using System.Text.Json;

namespace Bottle.Egress.Logging;

/// <summary>A record as the one JSON object that is its line. Control characters are escaped by the JSON writer, long texts are cut; queries and headers are not logged at all.</summary>
internal static class LogLine
{
    private const int MaxText = 2048;

    /// <summary>Writes the object; <paramref name="milliseconds"/> is how long the request took.</summary>
    public static void Write(Utf8JsonWriter json, RequestRecord record, double milliseconds)
    {
        json.WriteStartObject();
        json.WriteString("time"u8, record.Time);
        json.WriteString("method"u8, Cut(record.Method));
        if (record.Target.Host is not null)
        {
            json.WriteString("scheme"u8, record.Scheme);
            json.WriteString("host"u8, record.Target.Host);
            json.WriteNumber("port"u8, record.Target.Port);
        }
        json.WriteString("path"u8, Cut(record.Path));
        json.WriteString("route"u8, record.Route?.Source ?? record.Route?.Host);
        json.WriteString("decision"u8, record.Refusal is null ? "allowed" : record.Refusal.Status is 502 or 408 ? "failed" : "denied");
        json.WriteString("code"u8, record.Refusal?.Code);
        json.WriteString("reason"u8, Cut(record.Reason));
        json.WriteNumber("status"u8, record.Status);
        json.WriteNumber("bytes_in"u8, Volatile.Read(ref record.BytesIn));
        json.WriteNumber("bytes_out"u8, Volatile.Read(ref record.BytesOut));
        if (record.Tokens is { } tokens)
        {
            json.WriteNumber("tokens"u8, tokens);
        }
        if (record.HasUnreadTokens)
        {
            json.WriteBoolean("tokens_unread"u8, true);
        }
        json.WriteNumber("ms"u8, Math.Round(milliseconds, 1));
        json.WriteNumber("generation"u8, record.Generation);
        if (record.Route?.Lease is { } lease)
        {
            json.WriteString("lease"u8, lease.Id);
        }
        // Whoever was refused got none.
        if (record is { Route.Auth.TokenEnv: { } slot, Refusal: null or { Status: 502 } })
        {
            json.WriteString("credential"u8, slot);
        }
        json.WriteEndObject();
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}
