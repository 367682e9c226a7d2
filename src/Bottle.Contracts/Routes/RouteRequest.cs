using System.Diagnostics.CodeAnalysis;

namespace Bottle.Contracts.Routes;

/// <summary>A request as policy sees it. A method that HTTP knows is in capitals, as it goes up; others are as the client wrote them. <paramref name="Query"/> is what stands after '?', or null.</summary>
public readonly record struct RouteRequest(RequestScheme Scheme, Authority Authority, string Method, CanonicalPath Path, string? Query)
{
    /// <summary>The longest query that is looked at, in characters.</summary>
    public const int MaxQuery = 16 * 1024;

    // Those that .NET's client writes in capitals whatever it is given: a rule that took "post" for another method than POST would be about a request that is never sent.
    private static readonly string[] KnownMethods = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"];

    /// <summary>
    /// Reads <c>https://host[:port]/path?query</c>, strictly as egress reads a request line; a missing path is '/'. Used by <c>expect</c>, <c>Explain</c> and absolute-form requests.
    /// </summary>
    public static bool TryParse(string method, ReadOnlySpan<char> url, out RouteRequest request, [NotNullWhen(false)] out string? problem)
    {
        request = default;
        RequestScheme scheme;
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            scheme = RequestScheme.Https;
        }
        else if (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            scheme = RequestScheme.Http;
        }
        else
        {
            problem = "the URL does not start with https:// or http://";
            return false;
        }
        var rest = url[(scheme.Text().Length + 3)..];
        var end = rest.IndexOfAny("/?#\\");
        if (!Authority.TryParse(end < 0 ? rest : rest[..end], scheme.DefaultPort(), out var authority, out problem))
        {
            return false;
        }
        return TryParse(scheme, authority, method, end < 0 ? "/" : rest[end..], out request, out problem);
    }

    /// <summary>Reads the path and query of a request line; a bare <c>?query</c> means the path '/'.</summary>
    public static bool TryParse(
        RequestScheme scheme, Authority authority, string method, ReadOnlySpan<char> pathAndQuery, out RouteRequest request, [NotNullWhen(false)] out string? problem)
    {
        request = default;
        var mark = pathAndQuery.IndexOf('?');
        var path = mark < 0 ? pathAndQuery : pathAndQuery[..mark];
        if (!CanonicalPath.TryParse(path.IsEmpty ? "/" : path, out var canonical, out problem))
        {
            return false;
        }
        var query = mark < 0 ? null : pathAndQuery[(mark + 1)..].ToString();
        if (query is not null && FindQueryProblem(query) is { } bad)
        {
            problem = bad;
            return false;
        }
        request = new RouteRequest(scheme, authority, AsSent(method), canonical, query);
        return true;
    }

    private static string AsSent(string method)
    {
        foreach (var known in KnownMethods)
        {
            if (method.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }
        return method;
    }

    private static string? FindQueryProblem(string query) =>
        query.Length > MaxQuery ? $"the query is longer than {MaxQuery} characters"
        : query.AsSpan().ContainsAnyExceptInRange('!', '~') ? "the query has a space, a control character or a character outside ASCII"
        : query.Contains('#', StringComparison.Ordinal) ? "the query has the character '#'"
        : null;
}
