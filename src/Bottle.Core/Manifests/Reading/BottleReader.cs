using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads a bottle's front matter (SPEC A1, A5-A11, A13, A15, N10).</summary>
internal static class BottleReader
{
    /// <summary>The keys of a bottle, in the order in which they are documented.</summary>
    public static readonly string[] Keys = ["env", "provider", "egress", "git", "supervise", "runtime", "limits", "budget", "services", "expect", "test_upstreams"];

    private static readonly string[] EgressKeys = ["presets", "routes"];
    private static readonly string[] Runtimes = ["auto", "runc", "runsc"];

    public static BottleManifest? Read(ManifestSource source, YamlMap top)
    {
        if (MapReader.Open(source, top, source.Subject, Keys, entry => RetiredKeys.OfBottle(source, entry, Keys)) is not { } map)
            return null;
        var (provider, policy) = ProviderKeyReader.Read(source, map);
        var upstreams = ReadTestUpstreams(source, map);
        var (routes, presets) = ReadEgress(source, map);
        return new BottleManifest
        {
            Name = source.Name,
            File = source.File,
            Environment = EnvironmentReader.Read(source, map.Node("env")),
            Provider = provider,
            ProviderPolicy = policy,
            Routes = routes,
            Presets = presets,
            Supervise = map.Flag("supervise", absent: false),
            Runtime = ReadRuntime(source, map),
            Git = GitReader.Read(source, map, [.. upstreams.Select(u => u.Host.Value)]),
            TestUpstreams = upstreams,
            Limits = LimitsReader.Read(source, map),
            Budget = BudgetReader.Read(source, map),
            Services = ServicesReader.Read(source, map),
            Expectations = ExpectReader.Read(source, map.Node("expect")),
        };
    }

    private static Located<string>? ReadRuntime(ManifestSource source, MapReader map)
    {
        var runtime = map.Text("runtime");
        if (runtime is null || Runtimes.Contains(runtime.Value))
            return runtime;
        source.Report(ManifestErrors.NotOneOf(runtime.Where, "'runtime'", runtime.Value, Runtimes));
        return null;
    }

    private static (List<RouteManifest> Routes, List<Located<string>> Presets) ReadEgress(ManifestSource source, MapReader map)
    {
        if (map.Node("egress") is not { } node || MapReader.Open(source, node, "'egress'", EgressKeys, entry => RetiredKeys.OfEgress(entry, EgressKeys)) is not { } egress)
            return ([], []);
        var routes = egress.List("routes")?.Select(item => RouteReader.Read(source, item)).OfType<RouteManifest>().ToList() ?? [];
        RouteConflicts.Report(source, routes);
        return (routes, ReadPresets(source, egress));
    }

    private static List<Located<string>> ReadPresets(ManifestSource source, MapReader egress)
    {
        var presets = new List<Located<string>>();
        foreach (var preset in egress.Texts("presets") ?? [])
        {
            if (!PresetName.All.Contains(preset.Value))
                source.Report(ManifestErrors.NotOneOf(preset.Where, "a preset", preset.Value, PresetName.All));
            else if (presets.Find(other => other.Value == preset.Value) is { } first)
                source.Report(ManifestErrors.DuplicatePreset(preset.Where, preset.Value, first.Where.Line));
            else
                presets.Add(preset);
        }

        return presets;
    }

    private static List<TestUpstreamManifest> ReadTestUpstreams(ManifestSource source, MapReader map)
    {
        var upstreams = new List<TestUpstreamManifest>();
        foreach (var item in map.List("test_upstreams") ?? [])
        {
            if (MapReader.Open(source, item, "a test upstream", ["host", "image"]) is not { } entry)
                continue;
            var host = entry.RequiredText("host", "host: api.demo.test");
            var image = entry.RequiredText("image", "image: bottle-demo-upstream");
            var hostProblem = host is null ? null : host.Value.Contains('*', StringComparison.Ordinal) ? "one container has one name" : RouteSyntax.HostProblem(host.Value);
            if (hostProblem is not null)
                source.Report(ManifestErrors.BadHost(host!.Where, host.Value, hostProblem));
            else if (host is not null && upstreams.Find(other => other.Host.Value == host.Value) is { } first)
                source.Report(ManifestErrors.DuplicateTestUpstream(entry.Where, host.Value, first.Where.Line));
            if (image is not null && !ImageName.IsValid(image.Value))
                source.Report(ManifestErrors.BadImage(image.Where, image.Value));
            if (host is not null && image is not null)
                upstreams.Add(new TestUpstreamManifest(host, image, entry.Where));
        }

        return upstreams;
    }
}
