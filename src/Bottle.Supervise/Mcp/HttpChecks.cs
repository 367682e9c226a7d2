using ModelContextProtocol;

namespace Bottle.Supervise.Mcp;

/// <summary>What Streamable HTTP asks of a request's head, and the guard against pages that a browser was lured to (DNS rebinding).</summary>
internal static class HttpChecks
{
    // Names that can only mean this sidecar; whoever rebinds a name of his own brings that name.
    private static readonly HashSet<string> Names = new(["supervise", "localhost", "127.0.0.1"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The refusal of a POST by its head; null when the body may be read.</summary>
    public static McpRefusal? Find(HttpContext http)
    {
        var request = http.Request;
        var port = http.Connection.LocalPort;
        if (!Names.Contains(request.Host.Host) || (request.Host.Port is { } named && named != port))
        {
            return Refuse(StatusCodes.Status403Forbidden, "the Host header does not name supervise");
        }
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOurs(origin, port))
        {
            return Refuse(StatusCodes.Status403Forbidden, "the Origin is not supervise's own");
        }
        var accept = request.GetTypedHeaders().Accept;
        if (!accept.Any(type => type.MatchesMediaType("application/json")) || !accept.Any(type => type.MatchesMediaType("text/event-stream")))
        {
            return Refuse(StatusCodes.Status406NotAcceptable, "Accept must name application/json and text/event-stream");
        }
        return request.HasJsonContentType() ? null : Refuse(StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/json");
    }

    private static bool IsOurs(string origin, int port) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && Names.Contains(uri.Host) && (uri.Port == port || uri.IsDefaultPort);

    private static McpRefusal Refuse(int status, string message) => new(status, McpErrorCode.InvalidRequest, message);
}
