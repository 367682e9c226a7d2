using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Keys of former manifests (SPEC A4): where their content goes now.</summary>
internal static class RetiredKeys
{
    private const int MaxRecipes = 10;

    public static Diagnostic? OfBottle(ManifestSource source, YamlEntry entry, IReadOnlyCollection<string> known) => entry.Key switch
    {
        "cred_proxy" => ManifestErrors.CredProxy(entry.Where, source.Subject, CredProxyRecipe(entry.Value)),
        "egress_proxy" => ManifestErrors.RetiredKey(entry.Where, source.Subject, entry.Key, known, "rename it to 'egress', and write its hosts under egress.routes: 'egress: {routes: [{host: api.example.com}]}'"),
        "allowlist" => ManifestErrors.RetiredKey(entry.Where, source.Subject, entry.Key, known, "remove it, and write one route for each host: 'egress: {routes: [{host: api.example.com}]}'"),
        "role" => ManifestErrors.RetiredKey(entry.Where, source.Subject, entry.Key, known, "remove it; a model provider's routes come with 'provider: claude'"),
        _ => null,
    };

    public static Diagnostic? OfEgress(YamlEntry entry, IReadOnlyCollection<string> known) => entry.Key switch
    {
        "allowlist" => ManifestErrors.RetiredKey(entry.Where, "'egress'", entry.Key, known, "rename it to 'routes'; each entry is a mapping: '{host: api.example.com}'"),
        _ => null,
    };

    // The former entries were {path, upstream, auth_scheme, token_ref, role}, in a list or below 'routes'. What cannot be read gets an example in its place.
    private static string CredProxyRecipe(YamlNode value)
    {
        var list = value as YamlList ?? (value as YamlMap)?.Entries.FirstOrDefault(e => e.Key == "routes")?.Value as YamlList;
        var routes = list?.Items.OfType<YamlMap>().Select(Recipe).OfType<string>().Take(MaxRecipes).ToList() ?? [];
        if (routes.Count == 0)
            routes.Add(Line("api.example.com", "/v1/*", "Bearer", "EXAMPLE_TOKEN"));
        return "egress:\n  routes:\n" + string.Join('\n', routes);
    }

    private static string? Recipe(YamlMap entry)
    {
        if (TextOf(entry, "upstream") is not { } upstream || !Uri.TryCreate(upstream, UriKind.Absolute, out var uri) || RouteSyntax.HostProblem(uri.Host) is not null)
            return null;
        var path = uri.AbsolutePath.TrimEnd('/') + "/*";
        var scheme = TextOf(entry, "auth_scheme") is "token" or "Basic" ? TextOf(entry, "auth_scheme")! : "Bearer";
        var token = TextOf(entry, "token_ref") is { } name && EnvironmentReader.IsName(name) ? name : "EXAMPLE_TOKEN";
        return Line(uri.Host, RouteSyntax.PathProblem(path) is null ? path : "/*", scheme, token);
    }

    private static string Line(string host, string path, string scheme, string token) =>
        $"    - {{host: {host}, methods: [GET, POST], path_allowlist: [{path}], auth: {{scheme: {scheme}, token_ref: {token}}}}}";

    private static string? TextOf(YamlMap map, string key) => (map.Entries.FirstOrDefault(e => e.Key == key)?.Value as YamlScalar)?.Text;
}
