using System.Diagnostics.CodeAnalysis;
using Bottle.Contracts.Routes;

namespace Bottle.Core.Manifests;

/// <summary>Reads <c>METHOD https://host[:port]/path?query</c>, as <c>expect</c> and <c>Explain --url</c> write a request.</summary>
public static class RequestLine
{
    private const int LongestMethod = 32;

    /// <summary>Reads one; <paramref name="defaultMethod"/> is taken for a bare URL, null makes that an error. <paramref name="problem"/> is a phrase about what is wrong.</summary>
    public static bool TryParse(string text, string? defaultMethod, out RouteRequest request, [NotNullWhen(false)] out string? problem)
    {
        request = default;
        var parts = text.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var (method, url) = parts is [var first, var second] ? (first, second) : (defaultMethod ?? "", text.Trim());
        problem = method.Length is 0 or > LongestMethod || url.Length == 0 ? "a method and a URL are wanted" : MethodProblem(method);
        return problem is null && RouteRequest.TryParse(method, url, out request, out problem);
    }

    private static string? MethodProblem(string method) =>
        !method.All(c => char.IsAsciiLetter(c) || c == '-') ? $"'{method}' is no HTTP method"
        : method.Any(char.IsAsciiLetterLower) ? $"methods are case-sensitive: '{method.ToUpperInvariant()}'"
        : null;
}
