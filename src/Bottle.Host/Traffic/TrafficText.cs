using System.Globalization;
using System.Text;
using System.Text.Json;
using Bottle.Core.Diagnostics;

namespace Bottle.Host.Traffic;

/// <summary>Requests as people read them; what an agent wrote is inert.</summary>
public static class TrafficText
{
    private const int MethodWidth = 7;
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>allowed</c>, <c>denied</c> or <c>failed</c>.</summary>
    public static string Word(TrafficDecision decision) => decision switch
    {
        TrafficDecision.Allowed => "allowed",
        TrafficDecision.Denied => "denied",
        _ => "failed",
    };

    /// <summary>One request, one line: <c>time decision status METHOD host/path sent got ms code: reason</c>.</summary>
    public static string Line(TrafficRecord record)
    {
        var status = record.Status == 0 ? "---" : record.Status.ToString(CultureInfo.InvariantCulture);
        var why = record.Code is null && record.Reason is null ? "" : $"  {record.Code}{(record.Code is null || record.Reason is null ? "" : ": ")}{record.Reason}";
        return InertText.Line(string.Create(CultureInfo.InvariantCulture,
            $"{record.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z  {Word(record.Decision),-7}  {status,3}  {record.Method.PadRight(MethodWidth)} {record.HostAndPort}{record.Path}  {Exchanged(record.BytesIn, record.BytesOut)}, {record.Ms:0.#} ms{why}"));
    }

    /// <summary>A table by host and by credential, and the total.</summary>
    public static string Render(TrafficSummary summary)
    {
        List<string[]> rows = [["host", "requests", "denied", "failed", "sent", "got"], .. summary.Hosts.Select(pair => Row(InertText.Line(pair.Key), pair.Value))];
        rows.AddRange(summary.Credentials.Select(pair => Row($"with {InertText.Line(pair.Key)}", pair.Value)));
        rows.Add(Row("all", summary.Total));
        var text = new StringBuilder();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Writes the summary's members into an object that is open: <c>hosts</c>, <c>credentials</c>, <c>total</c>.</summary>
    public static void Write(Utf8JsonWriter json, TrafficSummary summary)
    {
        Array(json, "hosts", "host", summary.Hosts);
        Array(json, "credentials", "slot", summary.Credentials);
        json.WriteStartObject("total");
        Write(json, summary.Total);
        json.WriteEndObject();
    }

    /// <summary>A number of bytes as people write it: <c>12.3 kB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.95 ? Math.Round(value) : Math.Round(value, 1))} {Units[unit]}");
    }

    /// <summary>Body bytes from the agent and to it, said from its side: <c>sent 39 B, got 1.2 kB</c>.</summary>
    public static string Exchanged(long fromAgent, long toAgent) => $"sent {Bytes(fromAgent)}, got {Bytes(toAgent)}";

    private static string[] Row(string name, TrafficTotals totals) =>
        [name, Number(totals.Requests), Number(totals.Denied), Number(totals.Failed), Bytes(totals.BytesIn), Bytes(totals.BytesOut)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Array(Utf8JsonWriter json, string name, string key, IReadOnlyList<KeyValuePair<string, TrafficTotals>> totals)
    {
        json.WriteStartArray(name);
        foreach (var (value, counted) in totals)
        {
            json.WriteStartObject();
            json.WriteString(key, value);
            Write(json, counted);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, TrafficTotals totals)
    {
        json.WriteNumber("requests", totals.Requests);
        json.WriteNumber("denied", totals.Denied);
        json.WriteNumber("failed", totals.Failed);
        json.WriteNumber("bytes_in", totals.BytesIn);
        json.WriteNumber("bytes_out", totals.BytesOut);
    }
}
