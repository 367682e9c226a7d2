using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.PipelockStandIn;

/// <summary>JSON lines on standard output with pipelock's keys; the component says that this is the stand-in.</summary>
internal static class AuditLog
{
    private static readonly Lock _gate = new();
    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file is in force: its hash is what Bottle waits for.</summary>
    public static void Reloaded(string hash) => Print(new JsonObject
    {
        ["level"] = "info",
        ["component"] = "pipelock-stand-in",
        ["event"] = "config_reload",
        ["status"] = "success",
        ["config_hash"] = hash,
        ["time"] = DateTimeOffset.UtcNow.ToString("O"),
        ["message"] = "config reloaded",
    });

    /// <summary>The file would weaken what is in force, and is not taken.</summary>
    public static void Rejected(string error, string path) => Print(new JsonObject
    {
        ["level"] = "error",
        ["component"] = "pipelock-stand-in",
        ["event"] = "error",
        ["method"] = "CONFIG_RELOAD",
        ["resource"] = path,
        ["error"] = error,
        ["time"] = DateTimeOffset.UtcNow.ToString("O"),
        ["message"] = "request error",
    });

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
        Print(line);
    }

    private static void Print(JsonObject line)
    {
        lock (_gate)
            Console.Out.WriteLine(line.ToJsonString(_readable));
    }
}
