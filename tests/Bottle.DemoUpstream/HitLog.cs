using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.DemoUpstream;

/// <summary>One JSON line on standard output for everything that reached the upstream: what a test reads to know that nothing did.</summary>
internal static class HitLog
{
    private static readonly Lock _gate = new();
    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string kind, string? remote, JsonObject? detail = null)
    {
        var line = detail ?? [];
        line["time"] = DateTimeOffset.UtcNow.ToString("O");
        line["component"] = "demo-upstream";
        line["kind"] = kind;
        line["remote"] = remote;
        lock (_gate)
            Console.Out.WriteLine(line.ToJsonString(_readable));
    }
}
