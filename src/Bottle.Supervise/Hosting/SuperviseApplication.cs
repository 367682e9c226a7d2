using Bottle.Supervise.Mcp;
using Bottle.Supervise.Queue;

namespace Bottle.Supervise.Hosting;

/// <summary>The paths of the server: <c>/mcp</c>, and <c>/healthz</c> for the container's health check.</summary>
internal sealed class SuperviseApplication(McpEndpoint mcp, ProposalQueue queue)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/mcp" => mcp.HandleAsync(http),
        "/healthz" when HttpMethods.IsGet(http.Request.Method) => HealthAsync(http),
        _ => NotFound(http),
    };

    private Task HealthAsync(HttpContext http)
    {
        var problem = queue.FindProblem();
        http.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync((problem ?? $"ok, {queue.Count} open, {queue.CountWaiting()} waiting") + "\n", http.RequestAborted);
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
