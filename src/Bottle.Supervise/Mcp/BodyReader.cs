using Bottle.Supervise.Hosting;
using ModelContextProtocol;

namespace Bottle.Supervise.Mcp;

/// <summary>Reads a request's body within the bounds of size and time.</summary>
internal static class BodyReader
{
    /// <summary>The bytes, or the refusal.</summary>
    public static async Task<(byte[]? Body, McpRefusal? Refusal)> ReadAsync(HttpContext http, SuperviseSettings settings)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(settings.BodyTimeout);
        try
        {
            using var body = new MemoryStream();
            // The server ends the reading where the body grows too large.
            await http.Request.Body.CopyToAsync(body, limit.Token).ConfigureAwait(false);
            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Refuse(http, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is larger than {settings.MaxBody / 1024} KiB" : "the body cannot be read"));
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return (null, Refuse(http, StatusCodes.Status408RequestTimeout, "the body stopped arriving"));
        }
    }

    // The rest of the body would be taken for the next request.
    private static McpRefusal Refuse(HttpContext http, int status, string message)
    {
        http.Response.Headers.Connection = "close";
        return new McpRefusal(status, McpErrorCode.InvalidRequest, message);
    }
}
