using System.Globalization;

namespace Bottle.Contracts.Routes;

/// <summary>Reads one entry of <c>routes</c>.</summary>
internal static class RouteReader
{
    private const int MaxPaths = 500;

    private static readonly string[] Keys =
        ["host", "ports", "methods", "path_allowlist", "inspect", "websocket", "client_auth", "auth", "provider", "lease", "source"];

    /// <summary>The route, or null after problems; the caller drops the table when there is any.</summary>
    public static Route? Read(YamlNode node, List<RoutesProblem> problems)
    {
        var before = problems.Count;
        var map = new YamlMapReader(node, Keys, problems);
        var route = new Route
        {
            Host = ReadHost(map),
            Ports = ReadPorts(map),
            Methods = ReadMethods(map),
            PathAllowlist = ReadPaths(map),
            Inspect = map.Boolean("inspect") ?? true,
            WebSocket = map.Boolean("websocket") ?? false,
            ClientAuthPasses = ReadClientAuth(map),
            Auth = map.Node("auth") is { } auth ? AuthReader.Read(auth, problems) : null,
            Provider = map.Node("provider") is { } provider ? ReadProvider(provider, problems) : null,
            Lease = map.Node("lease") is { } lease ? LeaseReader.Read(lease, problems) : null,
            Source = map.Text("source"),
        };
        CheckTogether(map, route);
        return problems.Count == before ? route : null;
    }

    private static void CheckTogether(YamlMapReader map, Route route)
    {
        if (route.Inspect && route.Ports.Contains(80))
        {
            map.Report("ports", "port 80 needs inspect: false, because pipelock inspects TLS only");
        }
        if (route.Inspect && route.WebSocket)
        {
            map.Report("websocket", "websocket: true needs inspect: false, because pipelock cannot pass WebSockets that it inspects");
        }
        if (route.Provider is not null && (route.WebSocket || route.Ports.Contains(80)))
        {
            map.Report("provider", "a provider's requests are read, so its route has neither websocket: true nor port 80");
        }
        if (route.Auth is not null && route.Ports.Contains(80))
        {
            map.Report("auth", "a credential is never sent over plain HTTP; leave port 80 out of this route");
        }
    }

    private static string ReadHost(YamlMapReader map)
    {
        var host = map.Text("host", required: true);
        if (host is not null && !HostPattern.TryParse(host, out _, out var problem))
        {
            map.Report("host", problem);
        }
        return host ?? "";
    }

    private static int[] ReadPorts(YamlMapReader map)
    {
        if (map.List("ports") is not { } items)
        {
            return [443];
        }
        var ports = new List<int>();
        foreach (var item in items)
        {
            if (item.IsQuoted || !int.TryParse(item.Scalar, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                map.Problems.Add(new RoutesProblem(item.Line, item.Column, "a port is a number from 1 to 65535"));
            }
            else if (ports.Contains(port))
            {
                map.Problems.Add(new RoutesProblem(item.Line, item.Column, $"port {port} is there twice"));
            }
            else
            {
                ports.Add(port);
            }
        }
        if (items.Count == 0)
        {
            map.Report("ports", "'ports' is empty");
        }
        return [.. ports];
    }

    private static string[]? ReadMethods(YamlMapReader map)
    {
        if (map.List("methods") is not { } items)
        {
            return ["GET", "HEAD"];
        }
        if (items is [{ Scalar: "any" }])
        {
            return null;
        }
        if (items.Count == 0)
        {
            map.Report("methods", "'methods' is empty; leave it out for GET and HEAD, or write [\"any\"]");
        }
        foreach (var item in items.Where(item => item.Scalar is not { Length: > 0 and <= 32 } text || !text.All(c => char.IsAsciiLetterUpper(c) || c == '-')))
        {
            map.Problems.Add(new RoutesProblem(item.Line, item.Column, "a method is upper-case letters, or the list is [\"any\"]"));
        }
        foreach (var item in items.Where(item => item.Scalar is "TRACE" or "TRACK" or "CONNECT"))
        {
            map.Problems.Add(new RoutesProblem(item.Line, item.Column, $"{item.Scalar} is never forwarded"));
        }
        return [.. items.Select(item => item.Scalar ?? "").Distinct()];
    }

    private static string[]? ReadPaths(YamlMapReader map)
    {
        if (map.List("path_allowlist") is not { } items)
        {
            return null;
        }
        if (items.Count is 0 or > MaxPaths)
        {
            map.Report("path_allowlist", items.Count == 0 ? "'path_allowlist' is empty; leave it out to allow every path" : $"more than {MaxPaths} paths");
        }
        foreach (var item in items)
        {
            if (!PathPattern.TryParse(item.Scalar ?? "", out _, out var problem))
            {
                map.Problems.Add(new RoutesProblem(item.Line, item.Column, problem));
            }
        }
        return [.. items.Select(item => item.Scalar ?? "")];
    }

    private static ProviderPolicy ReadProvider(YamlNode node, List<RoutesProblem> problems)
    {
        var map = new YamlMapReader(node, ["server_tools", "betas"], problems);
        return new ProviderPolicy { ServerTools = ReadNames(map, "server_tools"), Betas = ReadNames(map, "betas") };
    }

    private static string[] ReadNames(YamlMapReader map, string key)
    {
        var items = map.List(key) ?? [];
        foreach (var item in items.Where(item => item.Scalar is not { Length: > 0 and <= 64 } text || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')))
        {
            map.Problems.Add(new RoutesProblem(item.Line, item.Column, $"an entry of '{key}' is a lower-case name such as \"web_search\""));
        }
        return [.. items.Select(item => item.Scalar ?? "")];
    }

    private static bool ReadClientAuth(YamlMapReader map)
    {
        var text = map.Text("client_auth");
        if (text is not (null or "strip" or "pass"))
        {
            map.Report("client_auth", "client_auth is \"strip\" or \"pass\"");
        }
        return text == "pass";
    }
}
