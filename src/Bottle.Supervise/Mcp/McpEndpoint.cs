using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Bottle.Supervise.Hosting;
using Bottle.Supervise.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Bottle.Supervise.Mcp;

/// <summary>Stateless Streamable HTTP: every POST is a session of its own, and a client that closes it cancels what it asked for. The SDK speaks the protocol; what its ASP.NET package would check stands here.</summary>
internal sealed class McpEndpoint(SuperviseSettings settings, ToolServer tools, ServerLog log, CancellationToken stopping)
{
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private int _calls;

    /// <summary>Answers one request to <c>/mcp</c>.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _calls) > settings.MaxCalls)
            {
                http.Response.Headers.RetryAfter = "5";
                await new McpRefusal(StatusCodes.Status503ServiceUnavailable, McpErrorCode.InternalError, $"{settings.MaxCalls} calls are under way, more are not possible at once").WriteAsync(http).ConfigureAwait(false);
                return;
            }
            await PostAsync(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; its proposal stays open.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever one request does, others are answered.
            log.Write($"a call ended early: {e.GetType().Name}: {e.Message}");
            http.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private async Task PostAsync(HttpContext http)
    {
        if (HttpChecks.Find(http) is { } refused)
        {
            await refused.WriteAsync(http).ConfigureAwait(false);
            return;
        }
        var version = http.Request.Headers["MCP-Protocol-Version"].ToString();
        var (body, unreadable) = await BodyReader.ReadAsync(http, settings).ConfigureAwait(false);
        JsonRpcMessage? message = null;
        if ((unreadable ?? Parse(body!, http.Request.Headers, version, out message)) is { } refusal)
        {
            await refusal.WriteAsync(http).ConfigureAwait(false);
            return;
        }
        if (version.Length > 0)
        {
            // Without it the transport sends 200 before the handler has run, and an error keeps that status.
            (message!.Context ??= new JsonRpcMessageContext()).ProtocolVersion = version;
        }
        await ServeAsync(http, message!, McpVersions.IsModern(version)).ConfigureAwait(false);
    }

    private static McpRefusal? Parse(byte[] body, IHeaderDictionary headers, string version, out JsonRpcMessage? message)
    {
        message = null;
        var noMessage = new McpRefusal(StatusCodes.Status400BadRequest, McpErrorCode.ParseError, "the body is no JSON-RPC message");
        // Bytes within texts are looked at late, when somebody asks for the text.
        if (!Utf8.IsValid(body))
        {
            return noMessage;
        }
        WholeText.Mend(body);
        try
        {
            message = JsonSerializer.Deserialize(body, MessageType);
            return message is null ? noMessage : MessageChecks.Find(message, headers, version);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return noMessage;
        }
    }

    private async Task ServeAsync(HttpContext http, JsonRpcMessage message, bool isModern)
    {
        var delivery = new Delivery();
        var transport = new StreamableHttpServerTransport(NullLoggerFactory.Instance) { Stateless = true };
        await using var transportOwnership = transport.ConfigureAwait(false);
        var server = McpServer.Create(transport, tools.Options(delivery, stopping), NullLoggerFactory.Instance, http.RequestServices);
        await using var serverOwnership = server.ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var running = server.RunAsync(ended.Token);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache,no-store";
            Func<JsonRpcMessage?, ValueTask>? starting = isModern ? first => SetStatus(http, first) : null;
            if (!await transport.HandlePostRequestAsync(message, http.Response.Body, starting!, http.RequestAborted).ConfigureAwait(false))
            {
                http.Response.ContentType = null;
                http.Response.StatusCode = StatusCodes.Status202Accepted;
            }
            await http.Response.CompleteAsync().ConfigureAwait(false);
            if (!http.RequestAborted.IsCancellationRequested)
            {
                delivery.Complete();
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>From 2026-07-28 on, some JSON-RPC errors are HTTP errors too.</summary>
    private static ValueTask SetStatus(HttpContext http, JsonRpcMessage? first)
    {
        if (first is JsonRpcError error && !http.Response.HasStarted)
        {
            http.Response.StatusCode = (McpErrorCode)error.Error.Code switch
            {
                McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
                McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status200OK,
            };
        }
        return ValueTask.CompletedTask;
    }
}
