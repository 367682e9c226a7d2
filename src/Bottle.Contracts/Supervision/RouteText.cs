using System.Globalization;
using System.Text;
using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

/// <summary>A narrow route as lines of routes.yaml, in which a person reads what is asked for.</summary>
public static class RouteText
{
    /// <summary>One entry of <c>routes</c>, each line ending in a line feed: host, ports, methods, paths and inspection, which is all that a narrow route has.</summary>
    public static string Lines(Route route)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  - host: {Quoted(route.Host)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    ports: [{string.Join(", ", route.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)))}]\n");
        text.Append(CultureInfo.InvariantCulture, $"    methods: [{string.Join(", ", (route.Methods ?? ["any"]).Select(Quoted))}]\n");
        if (route.PathAllowlist is { } paths)
        {
            text.Append(CultureInfo.InvariantCulture, $"    path_allowlist: [{string.Join(", ", paths.Select(Quoted))}]\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"    inspect: {(route.Inspect ? "true" : "false")}\n");
        return text.ToString();
    }

    // Hosts, methods and canonical paths are printable ASCII without quotes and backslashes, but a route may be made by hand.
    private static string Quoted(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? throw new ArgumentException("a host, method or path is printable ASCII", nameof(text))
        : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
