namespace Bottle.Contracts.Routes;

/// <summary>Reads the <c>auth</c> of a route.</summary>
internal static class AuthReader
{
    private static readonly string[] Keys = ["scheme", "header", "token_env"];

    // Framing, routing and proxy headers would change what is asked, not who asks.
    private static readonly HashSet<string> Forbidden =
    [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "keep-alive", "proxy-connection", "proxy-authorization",
        "accept-encoding", "range", "if-range", "content-encoding", "content-type", "http2-settings",
    ];

    public static RouteAuth? Read(YamlNode node, List<RoutesProblem> problems)
    {
        var map = new YamlMapReader(node, Keys, problems);
        var scheme = ReadScheme(map);
        var header = map.Text("header") ?? "authorization";
        if (header.Length > 64 || !header.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || Forbidden.Contains(header))
        {
            map.Report("header", $"'{header}' cannot carry a credential; write a lower-case header name such as \"x-api-key\"");
        }
        else if (scheme is AuthScheme.Bearer or AuthScheme.Token or AuthScheme.Basic && header != "authorization")
        {
            map.Report("header", "only scheme \"header\" has a header of its own; the others use authorization");
        }
        else if (scheme == AuthScheme.Header && !map.Has("header"))
        {
            map.Report("scheme", "scheme \"header\" needs the key 'header'");
        }
        var slot = map.Text("token_env", required: true);
        if (slot is not null && !TokenFile.IsSlot(slot))
        {
            map.Report("token_env", "token_env is a slot such as EGRESS_TOKEN_0");
        }
        return scheme is { } known && slot is not null ? new RouteAuth { Scheme = known, Header = header, TokenEnv = slot } : null;
    }

    private static AuthScheme? ReadScheme(YamlMapReader map)
    {
        AuthScheme? scheme = map.Text("scheme", required: true)?.ToUpperInvariant() switch
        {
            "BEARER" => AuthScheme.Bearer,
            "TOKEN" => AuthScheme.Token,
            "BASIC" => AuthScheme.Basic,
            "HEADER" => AuthScheme.Header,
            _ => null,
        };
        if (scheme is null && map.Has("scheme"))
        {
            map.Report("scheme", "scheme is Bearer, token, Basic or header");
        }
        return scheme;
    }
}
