using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.DemoUpstream;

/// <summary>
/// A stand-in for a model provider's Responses API, for tests with real agents, as <see cref="MessagesApi"/> is for the Messages API: the prompt says what to call. A tool of an MCP server is written
/// <c>server/tool</c>.
/// </summary>
internal static class ResponsesApi
{
    private const string Name = "responses";

    public static bool Serves(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == "/v1/responses";

    public static async Task AnswerAsync(HttpContext context)
    {
        var seen = new JsonObject { ["headers"] = Upstream.Headers(context.Request) };
        if (!context.Request.Headers.Keys.Any(Fingerprint.IsCredentialHeader))
        {
            await RefuseAsync(context, seen, StatusCodes.Status401Unauthorized, "no credential");
            return;
        }
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var conversation = ScriptedConversation.ReadResponses(body.RootElement);
            seen["turn"] = conversation.Turn;
            seen["calls"] = conversation.Next?.Tool;
            seen["last_result"] = conversation.LastResult;
            HitLog.Write(Name, context.Connection.RemoteIpAddress?.ToString(), seen);
            await StreamAsync(context, conversation);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(context, seen, StatusCodes.Status400BadRequest, malformed.Message);
        }
    }

    private static async Task StreamAsync(HttpContext context, ScriptedConversation conversation)
    {
        context.Response.ContentType = "text/event-stream";
        var id = $"{conversation.Turn + 1:D4}";
        var response = new JsonObject { ["id"] = $"resp_{id}" };
        await EventAsync(context, "response.created", new JsonObject { ["response"] = response.DeepClone() });
        await EventAsync(context, "response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Item(conversation, id) });
        response["usage"] = new JsonObject
        {
            ["input_tokens"] = 1,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = 1,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = 2,
        };
        await EventAsync(context, "response.completed", new JsonObject { ["response"] = response });
    }

    private static JsonObject Item(ScriptedConversation conversation, string id)
    {
        if (conversation.Next is not { } call)
        {
            return new JsonObject
            {
                ["type"] = "message",
                ["id"] = $"msg_{id}",
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = $"The script has ended after {conversation.Turn} calls." }),
            };
        }
        var item = new JsonObject { ["type"] = "function_call", ["id"] = $"fc_{id}", ["call_id"] = $"call_{id}", ["name"] = call.Tool.Split('/')[^1], ["arguments"] = call.Input };
        if (call.Tool.Split('/') is [var server, _]) item["namespace"] = $"mcp__{server}";
        return item;
    }

    private static async Task EventAsync(HttpContext context, string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        await context.Response.WriteAsync($"event: {type}\ndata: {data.ToJsonString()}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, JsonObject seen, int status, string message)
    {
        seen["refused"] = message;
        HitLog.Write(Name, context.Connection.RemoteIpAddress?.ToString(), seen);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["error"] = new JsonObject { ["type"] = "invalid_request_error", ["message"] = message } }.ToJsonString());
    }
}
