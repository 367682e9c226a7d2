using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Expands <c>egress.presets</c> into routes (SPEC A14): read-only, not inspected, hosts as the clients' configuration on this host names them.</summary>
internal static class PresetPlanner
{
    private const string Nowhere = "registry.invalid";

    /// <summary>The routes of all presets, in the manifest's order. Without a host there is a diagnostic, and a name that leads nowhere, so that plans can be read and rendered on any machine.</summary>
    public static IReadOnlyList<RouteManifest> Expand(LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics) =>
        [.. request.Bottle.Presets.SelectMany(name => Expand(name, PresetCatalogue.Of(name.Value), request, facts, diagnostics))];

    /// <summary>Whether a host is what stands in a plan for a registry that this machine does not know.</summary>
    internal static bool IsNowhere(string host) => host.EndsWith("." + Nowhere, StringComparison.Ordinal);

    private static IEnumerable<RouteManifest> Expand(Located<string> name, Preset preset, LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        foreach (var route in preset.Fixed)
            yield return Route(name, preset, route.Host) with { Methods = route.Methods };
        if (preset.Fixed.Count > 0)
            yield break;
        var endpoints = Endpoints(name, preset, request, facts, diagnostics);
        if (endpoints.Count == 0)
            yield return Route(name, preset, $"{preset.Name}.{Nowhere}");
        foreach (var endpoint in endpoints)
            yield return Route(name, preset, endpoint.Host) with { Ports = [endpoint.Port], Paths = preset.Paths(endpoint) };
    }

    private static List<RegistryEndpoint> Endpoints(Located<string> name, Preset preset, LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        var urls = facts.Registries.GetValueOrDefault(preset.Name, []);
        if (urls.Count == 0)
            diagnostics.Add(PlanErrors.RegistryUnknown(name, preset.Client!, preset.Configure!, request.HostIsRequired));
        var endpoints = new List<RegistryEndpoint>();
        foreach (var url in urls)
        {
            if (!RegistryEndpoint.TryParse(url, out var endpoint, out var problem))
                diagnostics.Add(PlanErrors.RegistryUnusable(name, preset.Client!, problem, preset.Configure!, request.HostIsRequired));
            else if (!endpoints.Contains(endpoint))
                endpoints.Add(endpoint);
        }

        return endpoints;
    }

    private static RouteManifest Route(Located<string> name, Preset preset, string host) => new()
    {
        Host = new Located<string>(host, name.Where),
        Inspect = false,
        Preset = string.Create(CultureInfo.InvariantCulture, $"preset {preset.Name} {preset.Version}"),
        Where = name.Where,
    };
}
