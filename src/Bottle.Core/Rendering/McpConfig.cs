using System.Globalization;
using System.Text.Json.Nodes;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Rendering;

/// <summary>Writes what leads any MCP client of the agent to supervise; what a known agent's program reads by itself stands in its provider file.</summary>
public static class McpConfig
{
    /// <summary>Where supervise answers inside the bottle.</summary>
    public static readonly string Url = string.Create(CultureInfo.InvariantCulture, $"http://{ComposeServices.Supervise}:{SuperviseService.Port}/mcp");

    // A person may answer tomorrow; some clients take a server's own limit for a hard one.
    private const int TimeoutMilliseconds = 86_400_000;

    /// <summary>The plain file: <c>{"mcpServers": {"supervise": …}}</c>.</summary>
    public static string Plain() => JsonObjects.Text(new JsonObject
    {
        // alwaysLoad: otherwise the tools hide behind a search, and an agent that was refused does not find them.
        ["mcpServers"] = new JsonObject
        {
            [ComposeServices.Supervise] = new JsonObject { ["type"] = "http", ["url"] = Url, ["alwaysLoad"] = true, ["timeout"] = TimeoutMilliseconds },
        },
    });
}
