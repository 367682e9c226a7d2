using System.Text.Json;
using Bottle.Contracts.Supervision;
using Bottle.Supervise.Egress;
using Bottle.Supervise.Hosting;
using Bottle.Supervise.Queue;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Bottle.Supervise.Tools;

/// <summary>The four tools behind the protocol.</summary>
internal sealed class ToolServer(ProposalQueue queue, EgressClient egress, ServerLog log)
{
    private const string Instructions =
        "This server asks the person who operates this sandbox (the operator). All network traffic goes through the proxy 'egress', which refuses what no route allows with a JSON body. "
        + "When a request that the task needs was refused, call egress-block with its URL and method, wait for the person's answer, then retry the request. Calls wait as long as it takes; repeating a call with the same arguments joins the open question.";

    private static readonly Implementation Info = new() { Name = "bottle-supervise", Title = "Bottle: ask the operator", Version = "1.0.0" };

    private readonly OperatorTools _operator = new(queue, egress, log);

    /// <summary>The options of one request's server; they are never shared.</summary>
    public McpServerOptions Options(Delivery delivery, CancellationToken stopping) => new()
    {
        ServerInfo = Info,
        ServerInstructions = Instructions,
        ScopeRequests = false,
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(ToolCatalogue.All),
            CallToolHandler = (request, cancellationToken) => CallAsync(request, delivery, stopping, cancellationToken),
        },
    };

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, Delivery delivery, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var call = request.Params;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        try
        {
            return call.Name == ToolCatalogue.ListRoutes
                ? await ListAsync(call.Arguments, ended.Token).ConfigureAwait(false)
                : ProposalToolNames.Parse(call.Name) is { } tool
                    ? await _operator.AskAsync(tool, call.Arguments, new WaitReport(request.Server, call.ProgressToken), delivery, ended.Token).ConfigureAwait(false)
                    : throw new McpProtocolException("there is no such tool", McpErrorCode.InvalidParams);
        }
        catch (Exception e) when (e is ToolInputException or QueueException)
        {
            return ToolResults.Error(e.Message);
        }
        catch (EgressException e)
        {
            return ToolResults.Error($"The routes are not known: {e.Message}. Try again in a moment; if it stays so, tell the user.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ToolResults.Error("The sidecar is being stopped. An open question stays open: call again with the same arguments to join it.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or McpException))
        {
            log.Write($"{call.Name} failed: {e}");
            return ToolResults.Error("The sidecar failed; this is a bug of Bottle. Tell the user.");
        }
    }

    private async Task<CallToolResult> ListAsync(IDictionary<string, JsonElement>? values, CancellationToken cancellationToken)
    {
        ToolArguments.ExpectNone(values);
        return ToolResults.Structured(await egress.ListAsync(cancellationToken).ConfigureAwait(false), ToolResults.Json.LiveTable);
    }
}
