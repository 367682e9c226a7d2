using System.Globalization;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads one entry of <c>egress.routes</c> (SPEC A6).</summary>
internal static class RouteReader
{
    private const string Any = "any";

    private static readonly string[] Keys = ["host", "ports", "methods", "path_allowlist", "inspect", "websocket", "client_auth", "model_api", "auth", "unrestricted"];

    // Without these a route is wide open, which a credential does not allow.
    private static readonly string[] Limits = ["path_allowlist", "methods"];

    // A provider's file names no credential in its routes: the operator's is chosen at launch.
    private static readonly string[] ProviderKeys = [.. Keys.Except(["auth", "unrestricted", "client_auth"])];

    public static RouteManifest? Read(ManifestSource source, YamlNode node, bool isProvider = false)
    {
        if (MapReader.Open(source, node, "a route", isProvider ? ProviderKeys : Keys) is not { } map)
            return null;
        var host = map.RequiredText("host", "host: api.example.com");
        if (host is not null && RouteSyntax.HostProblem(host.Value) is { } problem)
        {
            source.Report(ManifestErrors.BadHost(host.Where, host.Value, problem));
            host = null;
        }

        var ports = ReadPorts(source, map);
        var methods = ReadMethods(source, map);
        var paths = ReadPaths(source, map);
        var auth = map.Node("auth") is { } credential ? AuthReader.Read(source, credential) : null;
        CheckTogether(source, map, ports, isProvider);
        var route = new RouteManifest
        {
            Host = host ?? new Located<string>("", map.Where),
            Ports = ports,
            Methods = methods,
            Paths = paths,
            Inspect = map.Flag("inspect", absent: true),
            WebSocket = map.Flag("websocket", absent: false),
            ClientAuthPasses = ReadClientAuth(source, map),
            ModelApi = map.Flag("model_api", absent: false),
            Auth = auth,
            Unrestricted = map.Flag("unrestricted", absent: false),
            Where = map.Where,
        };
        return host is null ? null : route;
    }

    // Flags that are wrong were reported where they were read; here they read as absent.
    private static void CheckTogether(ManifestSource source, MapReader map, List<int> ports, bool isProvider)
    {
        var inspects = map.Node("inspect") is not YamlScalar { IsPlain: true, Text: "false" };
        if (inspects && ports.Contains(80))
            source.Report(ManifestErrors.PlainHttpIsInspected(map.KeyAt("ports")));
        if (inspects && IsTrue(map, "websocket"))
            source.Report(ManifestErrors.WebSocketIsInspected(map.KeyAt("websocket")));
        if (IsTrue(map, "model_api") && (IsTrue(map, "websocket") || ports.Contains(80)))
            source.Report(ManifestErrors.UnreadableModelApi(map.KeyAt("model_api")));
        if (!isProvider)
            CheckAuth(source, map, ports);
    }

    private static void CheckAuth(ManifestSource source, MapReader map, List<int> ports)
    {
        if (map.Has("auth") && ports.Contains(80))
            source.Report(ManifestErrors.AuthInClear(map.KeyAt("auth")));
        if (IsTrue(map, "unrestricted") && !map.Has("auth"))
            source.Report(ManifestErrors.NoEffect(map.KeyAt("unrestricted"), "unrestricted", "auth"));
        var missing = Limits.Where(key => !map.Has(key)).ToList();
        if (map.Has("auth") && missing.Count > 0 && !IsTrue(map, "unrestricted"))
            source.Report(ManifestErrors.UnlimitedAuth(map.KeyAt("auth"), missing));
    }

    private static bool IsTrue(MapReader map, string key) => map.Node(key) is YamlScalar { IsPlain: true, Text: "true" };

    private static List<int> ReadPorts(ManifestSource source, MapReader map)
    {
        if (map.List("ports") is not { } items)
            return [443];
        if (items.Count == 0)
            source.Report(ManifestErrors.EmptyList(map.KeyAt("ports"), "'ports'", "remove it for port 443 alone"));
        var ports = new List<int>();
        foreach (var item in items)
        {
            if (Scalars.Number(source, item, "a port") is not { } port)
                continue;
            if (port is < 1 or > 65535)
                source.Report(ManifestErrors.BadPort(item.Where, string.Create(CultureInfo.InvariantCulture, $"there is no port {port}")));
            else if (ports.Contains(port))
                source.Report(ManifestErrors.BadPort(item.Where, string.Create(CultureInfo.InvariantCulture, $"port {port} stands here a second time")));
            else
                ports.Add(port);
        }

        return ports;
    }

    private static IReadOnlyList<string>? ReadMethods(ManifestSource source, MapReader map)
    {
        if (map.Node("methods") is YamlScalar { Text: Any })
            return null;
        if (map.Texts("methods") is not { } items)
            return ["GET", "HEAD"];
        if (items is [{ Value: Any }])
            return null;
        if (map.Node("methods") is YamlList { Items.Count: 0 })
            source.Report(ManifestErrors.EmptyList(map.KeyAt("methods"), "'methods'", "remove it for GET and HEAD, or write 'methods: any'"));
        foreach (var (index, item) in items.Index())
        {
            var problem = item.Value == Any ? "it stands alone: 'methods: any'"
                : RouteSyntax.MethodProblem(item.Value) ?? (items.Take(index).Any(other => other.Value == item.Value) ? "it stands here a second time" : null);
            if (problem is not null)
                source.Report(ManifestErrors.BadMethod(item.Where, item.Value, problem));
        }

        return [.. items.Select(item => item.Value)];
    }

    private static IReadOnlyList<string>? ReadPaths(ManifestSource source, MapReader map)
    {
        if (map.Texts("path_allowlist") is not { } items)
            return null;
        if (map.Node("path_allowlist") is YamlList { Items.Count: 0 })
            source.Report(ManifestErrors.EmptyList(map.KeyAt("path_allowlist"), "'path_allowlist'", "remove it to allow every path, or name paths"));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
            if ((RouteSyntax.PathProblem(item.Value) ?? (seen.Add(item.Value) ? null : "it stands here a second time")) is { } problem)
                source.Report(ManifestErrors.BadPath(item.Where, item.Value, problem));
        return [.. items.Select(item => item.Value)];
    }

    private static bool ReadClientAuth(ManifestSource source, MapReader map)
    {
        var text = map.Text("client_auth");
        if (text is not null && text.Value is not ("pass" or "strip"))
            source.Report(ManifestErrors.NotOneOf(text.Where, "'client_auth'", text.Value, ["pass", "strip"]));
        return text?.Value == "pass";
    }
}
