using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Rendering;

/// <summary>Writes what leads MCP clients of the agent to supervise: a plain file that any client can be pointed at, and Claude Code's own (facts/mcp-and-agents.md 2).</summary>
public static class McpConfig
{
    /// <summary>Where supervise answers inside the bottle.</summary>
    public static readonly string Url = string.Create(CultureInfo.InvariantCulture, $"http://{ComposeServices.Supervise}:{SuperviseService.Port}/mcp");

    /// <summary>The folder in which the agents of Bottle's own images begin.</summary>
    public const string AgentHome = "/home/agent";

    // A person may answer tomorrow; Claude Code takes a server's own limit for a hard one.
    private const int TimeoutMilliseconds = 86_400_000;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>The plain file: <c>{"mcpServers": {"supervise": …}}</c>.</summary>
    public static string Plain() => Text(new JsonObject { ["mcpServers"] = Servers() });

    /// <summary>Claude Code's <c>~/.claude.json</c>: no question about itself, the folder or its permissions at the start, and supervise when it is there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="existing">The agent's own file; what is in it stays, but for these keys. Anything but a JSON object counts as none.</param>
    /// <param name="workingDirectory">Where Claude Code is started.</param>
    public static string Claude(BottlePlan plan, string? existing = null, string workingDirectory = AgentHome)
    {
        var file = Parse(existing) ?? [];
        file["hasCompletedOnboarding"] = true;
        file["bypassPermissionsModeAccepted"] = true;
        Child(Child(file, "projects"), workingDirectory)["hasTrustDialogAccepted"] = true;
        if (plan.Supervise is not null)
        {
            foreach (var (name, server) in Servers())
                Child(file, "mcpServers")[name] = server!.DeepClone();
        }
        return Text(file);
    }

    // alwaysLoad: otherwise the tools hide behind a search, and an agent that was refused does not find them.
    private static JsonObject Servers() => new()
    {
        [ComposeServices.Supervise] = new JsonObject { ["type"] = "http", ["url"] = Url, ["alwaysLoad"] = true, ["timeout"] = TimeoutMilliseconds },
    };

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject there)
            return there;
        var child = new JsonObject();
        parent[name] = child;
        return child;
    }

    private static JsonObject? Parse(string? text)
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

    private static string Text(JsonObject file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
            file.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
