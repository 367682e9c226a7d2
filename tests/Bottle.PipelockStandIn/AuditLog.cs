using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.PipelockStandIn;

/// <summary>JSON lines on standard output with pipelock's keys; the component says that this is the stand-in.</summary>
internal static class AuditLog
{
    private static readonly Lock _gate = new();
    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string level, string eventName, string message, string? target = null, string? reason = null, string? clientIp = null)
    {
        var line = new JsonObject
        {
            ["level"] = level,
            ["component"] = "pipelock-stand-in",
            ["event"] = eventName,
        };
        if (target is not null)
            line["target"] = target;
        if (reason is not null)
            line["reason"] = reason;
        if (clientIp is not null)
            line["client_ip"] = clientIp;
        line["time"] = DateTimeOffset.UtcNow.ToString("O");
        line["message"] = message;
        lock (_gate)
            Console.Out.WriteLine(line.ToJsonString(_readable));
    }
}
