using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Mcp;

/// <summary>What the protocol asks of a message together with its headers: known versions, and from 2026-07-28 on the same method, name and version in both.</summary>
internal static class MessageChecks
{
    private const string MetaVersion = "io.modelcontextprotocol/protocolVersion";
    private const string MetaCapabilities = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>The refusal of a message; null when it may be handled.</summary>
    public static McpRefusal? Find(JsonRpcMessage message, IHeaderDictionary headers, string version)
    {
        var id = message is JsonRpcRequest asked ? asked.Id : default;
        if (version.Length > 0 && !McpVersions.IsKnown(version))
        {
            return new McpRefusal(StatusCodes.Status400BadRequest, McpErrorCode.UnsupportedProtocolVersion, "this version of the protocol is not spoken")
            {
                Id = id,
                Details = new JsonObject { ["supported"] = new JsonArray((JsonNode)McpVersions.Modern), ["requested"] = version },
            };
        }
        var (method, parameters) = message switch
        {
            JsonRpcRequest request => (request.Method, request.Params as JsonObject),
            JsonRpcNotification notification => (notification.Method, notification.Params as JsonObject),
            _ => (null, null),
        };
        var meta = parameters?["_meta"] as JsonObject;
        var metaVersion = Text(meta?[MetaVersion]);
        var isModern = McpVersions.IsModern(version);
        return metaVersion is not null && metaVersion != version && (isModern || McpVersions.IsModern(metaVersion))
            ? Mismatch(id, "MCP-Protocol-Version and _meta name different versions")
            : isModern && method is not null ? FindModern(message, method, parameters, meta, headers) : null;
    }

    private static McpRefusal? FindModern(JsonRpcMessage message, string method, JsonObject? parameters, JsonObject? meta, IHeaderDictionary headers)
    {
        var id = message is JsonRpcRequest asked ? asked.Id : default;
        var name = method switch
        {
            "tools/call" or "prompts/get" => Text(parameters?["name"]),
            "resources/read" => Text(parameters?["uri"]),
            _ => null,
        };
        if (headers["Mcp-Method"].ToString() != method || (name is not null && headers["Mcp-Name"].ToString() != name))
        {
            return Mismatch(id, "Mcp-Method or Mcp-Name is not what the body says");
        }
        if (message is not JsonRpcRequest)
        {
            return null;
        }
        if (method is "initialize" or "ping" or "logging/setLevel" or "resources/subscribe" or "resources/unsubscribe")
        {
            return new McpRefusal(StatusCodes.Status404NotFound, McpErrorCode.MethodNotFound, "this version of the protocol has no such method") { Id = id };
        }
        return Text(meta?[MetaVersion]) is null || meta?[MetaCapabilities] is not JsonObject
            ? new McpRefusal(StatusCodes.Status400BadRequest, McpErrorCode.InvalidParams, "_meta lacks the protocol's version or the client's capabilities") { Id = id }
            : null;
    }

    private static McpRefusal Mismatch(RequestId id, string message) => new(StatusCodes.Status400BadRequest, McpErrorCode.HeaderMismatch, message) { Id = id };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
