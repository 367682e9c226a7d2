using Bottle.Contracts.Routes;

namespace Bottle.Core.Manifests.Reading;

/// <summary>The syntax of hosts, paths, methods and headers: that of egress itself, so that a manifest allows exactly what egress will match. Each returns what is wrong, or null.</summary>
internal static class RouteSyntax
{
    private const int LongestToken = 32;

    // What belongs to the connection or to the framing of a message, or is answered for by egress.
    private static readonly HashSet<string> FramingHeaders = new(StringComparer.Ordinal)
    {
        "host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect", "range", "if-range", "accept-encoding", "http2-settings",
    };

    public static string? HostProblem(string host) => HostPattern.TryParse(host, out _, out var problem) ? null : problem;

    public static string? PathProblem(string path) => PathPattern.TryParse(path, out _, out var problem) ? null : problem;

    public static string? MethodProblem(string method) => method switch
    {
        "TRACE" or "TRACK" or "CONNECT" => "no route can allow it",
        _ when method.Length > LongestToken || !method.All(c => char.IsAsciiLetter(c) || c == '-') || !char.IsAsciiLetter(method.FirstOrDefault()) => "it is no HTTP method",
        _ when method.Any(char.IsAsciiLetterLower) => $"methods are case-sensitive; write '{method.ToUpperInvariant()}'",
        _ => null,
    };

    /// <summary>A header's name, lower case already.</summary>
    public static string? CredentialHeaderProblem(string header) => header switch
    {
        _ when header.Length is 0 or > 64 || !header.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') => "it is no header name",
        _ when FramingHeaders.Contains(header) || header.StartsWith("proxy-", StringComparison.Ordinal) => "it belongs to the connection, not to the request",
        _ => null,
    };
}
