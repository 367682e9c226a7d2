namespace Bottle.Contracts.Routes;

/// <summary>Ways to ask a server for another method than the request line's: a route that limits methods must not be widened by them.</summary>
public static class MethodOverride
{
    private static readonly string[] Parameters = ["_method", "x_http_method_override", "x_http_method", "x_method_override"];

    /// <summary>The headers, lower case.</summary>
    public static IReadOnlyList<string> Headers { get; } = ["x-http-method-override", "x-http-method", "x-method-override"];

    /// <summary>The method that <paramref name="query"/> asks for and <paramref name="route"/> does not allow; null when there is none.</summary>
    public static string? FindInQuery(Route route, string query)
    {
        if (route.Methods is null || !query.Contains("method", StringComparison.OrdinalIgnoreCase) && !query.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }
        return Parameters.SelectMany(name => QueryText.Values(query, name)).FirstOrDefault(method => !IsAllowed(route, method));
    }

    /// <summary>Whether the route allows the method that an override names, in any case.</summary>
    public static bool IsAllowed(Route route, string method) => route.Methods is null || route.Methods.Contains(method.Trim(), StringComparer.OrdinalIgnoreCase);
}
