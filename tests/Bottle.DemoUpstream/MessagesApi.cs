using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bottle.DemoUpstream;

/// <summary>
/// A stand-in for a model provider's Messages API, for tests with real agents: there is no model, the prompt says what to call (<see cref="ScriptedConversation"/>). It streams as the real one does,
/// refuses a request without a credential as the real one does, and logs which credential came, by fingerprint.
/// </summary>
internal static class MessagesApi
{
    private const string Name = "messages";

    public static bool Serves(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == "/v1/messages";

    public static async Task AnswerAsync(HttpContext context)
    {
        var seen = new JsonObject { ["headers"] = Upstream.Headers(context.Request) };
        if (!context.Request.Headers.Keys.Any(Fingerprint.IsCredentialHeader))
        {
            await RefuseAsync(context, seen, StatusCodes.Status401Unauthorized, "authentication_error", "no credential");
            return;
        }
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var request = body.RootElement;
            var conversation = ScriptedConversation.Read(request);
            if (!request.TryGetProperty("stream", out var stream) || stream.ValueKind != JsonValueKind.True)
            {
                await RefuseAsync(context, seen, StatusCodes.Status400BadRequest, "invalid_request_error", "this stand-in answers streams alone");
                return;
            }
            seen["turn"] = conversation.Turn;
            seen["calls"] = conversation.Next?.Tool;
            seen["last_result"] = conversation.LastResult;
            HitLog.Write(Name, context.Connection.RemoteIpAddress?.ToString(), seen);
            await StreamAsync(context, request.TryGetProperty("model", out var model) ? model.ToString() : Name, conversation);
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(context, seen, StatusCodes.Status400BadRequest, "invalid_request_error", malformed.Message);
        }
    }

    private static async Task StreamAsync(HttpContext context, string model, ScriptedConversation conversation)
    {
        context.Response.ContentType = "text/event-stream";
        var id = $"{conversation.Turn + 1:D4}";
        await EventAsync(context, "message_start", new JsonObject
        {
            ["message"] = new JsonObject { ["id"] = $"msg_{id}", ["type"] = "message", ["role"] = "assistant", ["model"] = model, ["content"] = new JsonArray(), ["usage"] = Usage() },
        });
        var (block, delta) = conversation.Next is { } call
            ? (new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{id}", ["name"] = call.Tool, ["input"] = new JsonObject() }, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = call.Input })
            : (new JsonObject { ["type"] = "text", ["text"] = "" }, new JsonObject { ["type"] = "text_delta", ["text"] = $"The script has ended after {conversation.Turn} calls." });
        await EventAsync(context, "content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = block });
        await EventAsync(context, "content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = delta });
        await EventAsync(context, "content_block_stop", new JsonObject { ["index"] = 0 });
        await EventAsync(context, "message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = conversation.Next is null ? "end_turn" : "tool_use", ["stop_sequence"] = null },
            ["usage"] = Usage(),
        });
        await EventAsync(context, "message_stop", []);
    }

    private static JsonObject Usage() => new() { ["input_tokens"] = 1, ["output_tokens"] = 1 };

    private static async Task EventAsync(HttpContext context, string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        await context.Response.WriteAsync($"event: {type}\ndata: {data.ToJsonString()}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, JsonObject seen, int status, string type, string message)
    {
        seen["refused"] = message;
        HitLog.Write(Name, context.Connection.RemoteIpAddress?.ToString(), seen);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message } }.ToJsonString());
    }
}
