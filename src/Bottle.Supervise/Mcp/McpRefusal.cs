using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Mcp;

/// <summary>A request that is answered before any tool hears of it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The JSON-RPC code.</param>
/// <param name="Message">One sentence for the client.</param>
internal sealed record McpRefusal(int Status, McpErrorCode Code, string Message)
{
    private static readonly JsonTypeInfo<JsonRpcMessage> Type = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>The request that is refused; null without one.</summary>
    public RequestId Id { get; init; }

    /// <summary>The error's <c>data</c>.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Sends it as a JSON-RPC error.</summary>
    public Task WriteAsync(HttpContext http)
    {
        var error = new JsonRpcError { Id = Id, Error = new JsonRpcErrorDetail { Code = (int)Code, Message = Message, Data = Details } };
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, error, Type, http.RequestAborted);
    }
}
