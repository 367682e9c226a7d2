using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads the home configuration: YAML without Markdown around it.</summary>
internal static class HomeConfigurationReader
{
    private static readonly string[] Later = ["images"];
    private static readonly string[] Keys = ["upstream_ca", "subnets", "on_hangup", "on_proposal", .. Later];

    public static HomeConfiguration? Read(ManifestSource source, YamlMap top)
    {
        if (MapReader.Open(source, top, source.Subject, Keys) is not { } map)
            return null;
        foreach (var key in Later.Where(map.Has))
            source.Report(PlanErrors.NotInThisVersion(new Located<string>(key, map.KeyAt(key))));
        var hangup = map.Text("on_hangup");
        if (hangup is { Value: not ("stop" or "detach") }) source.Report(ManifestErrors.NotOneOf(hangup.Where, "on_hangup", hangup.Value, ["stop", "detach"]));
        return new HomeConfiguration { UpstreamCa = map.Text("upstream_ca"), Subnets = map.Text("subnets"), OnHangup = hangup, OnProposal = map.Texts("on_proposal") ?? [] };
    }
}
