using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads a bottle's <c>provider</c> (SPEC A9, F11): a name, or a mapping that also says what the provider may do on its own servers.</summary>
internal static class ProviderKeyReader
{
    private const int MaxName = 64;

    private static readonly string[] Keys = ["name", "server_tools", "betas"];

    /// <summary>The name, null to go by the agent's command, and what is opened.</summary>
    public static (Located<string>? Name, ProviderPolicy Policy) Read(ManifestSource source, MapReader bottle)
    {
        if (bottle.Node("provider") is not YamlMap node || MapReader.Open(source, node, "'provider'", Keys) is not { } map)
            return (Checked(source, bottle.Text("provider")), new ProviderPolicy());
        var name = Checked(source, map.Text("name"));
        if (name is { Value: "none" })
            foreach (var key in Keys.Skip(1).Where(map.Has))
                source.Report(ManifestErrors.NoEffect(map.KeyAt(key), key, "a provider"));
        return (name, new ProviderPolicy { ServerTools = Names(source, map, "server_tools"), Betas = Names(source, map, "betas") });
    }

    private static Located<string>? Checked(ManifestSource source, Located<string>? name)
    {
        if (name is null || ManifestName.IsValid(name.Value))
            return name;
        source.Report(ManifestErrors.BadName(name.Where, "a provider", name.Value));
        return null;
    }

    private static List<string> Names(ManifestSource source, MapReader map, string key)
    {
        var names = new List<string>();
        foreach (var item in map.Texts(key) ?? [])
        {
            var problem = !IsName(item.Value) ? "it is a name of lower-case letters, digits, '_' and '-'" : names.Contains(item.Value) ? "it stands here a second time" : null;
            if (problem is not null)
                source.Report(ManifestErrors.BadProviderFeature(item.Where, key, item.Value, problem));
            else
                names.Add(item.Value);
        }

        return names;
    }

    // What routes.yaml takes: the two must not differ, or egress would refuse the table.
    private static bool IsName(string name) => name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');
}
