using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Hosting;

/// <summary>Answers a refused request with its JSON body.</summary>
internal static class RefusalWriter
{
    /// <summary>Writes status and body; a response that has begun is broken off instead.</summary>
    public static async Task WriteAsync(HttpContext http, Refusal refusal, Authority target, string method, string? path)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            http.Abort();
            return;
        }
        response.Clear();
        response.StatusCode = refusal.Code.Status;
        // git prints the server's answer only when it is plain text; the body is the same.
        response.ContentType = http.Request.Headers.UserAgent.ToString().StartsWith("git/", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : "application/json";
        response.Headers.CacheControl = "no-store";
        if (refusal.Code.Status is 400 or 408 or 413 && http.Request.Protocol != "HTTP/2")
        {
            // What follows on this connection can no longer be told apart from the rest of this request.
            response.Headers.Connection = "close";
        }
        var body = new Denial
        {
            Code = refusal.Code,
            Host = target.Host,
            Port = target.Host is null ? null : target.Port,
            Method = method,
            Path = path,
            Reason = refusal.Reason,
        }.ToUtf8Json();
        response.ContentLength = body.Length;
        try
        {
            await response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            http.Abort();
        }
    }
}
