using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests.Reading;

namespace Bottle.Core.Manifests;

/// <summary>Text to manifest, by YAML events with places, never by reflection. Every error of a file is reported at once; no input throws, and none costs more than its size.</summary>
public static class ManifestReader
{
    /// <summary>The largest file that is read, in bytes: 256 KiB.</summary>
    public const int MaxBytes = FrontMatter.MaxLength;

    /// <summary>Reads a bottle; <paramref name="file"/> is its path for people, and names it.</summary>
    public static ManifestResult<BottleManifest> ReadBottle(string file, string text)
    {
        var source = Named(file, "bottle");
        var front = FrontMatter.OfMarkdown(source, text, BottleReader.Keys);
        return source.Result(front is not null && YamlTree.Read(source, front) is { } top ? BottleReader.Read(source, top) : null);
    }

    /// <summary>Reads an agent; <paramref name="file"/> is its path for people, and names it.</summary>
    public static ManifestResult<AgentManifest> ReadAgent(string file, string text)
    {
        var source = Named(file, "agent");
        var front = FrontMatter.OfMarkdown(source, text, AgentReader.Keys);
        return source.Result(front is not null && YamlTree.Read(source, front) is { } top ? AgentReader.Read(source, top, front) : null);
    }

    /// <summary>Reads a provider's YAML; <paramref name="file"/> is its path for people, and names it.</summary>
    public static ManifestResult<ProviderManifest> ReadProvider(string file, string text)
    {
        var source = Named(file, "provider");
        var front = FrontMatter.OfYaml(source, text);
        return source.Result(front is not null && YamlTree.Read(source, front) is { } top ? ProviderReader.Read(source, top) : null);
    }

    /// <summary>Reads the home configuration's YAML; <paramref name="file"/> is its path for people.</summary>
    public static ManifestResult<HomeConfiguration> ReadHomeConfiguration(string file, string text)
    {
        var source = new ManifestSource(file, "home configuration");
        var front = FrontMatter.OfYaml(source, text);
        return source.Result(front is not null && YamlTree.Read(source, front) is { } top ? HomeConfigurationReader.Read(source, top) : null);
    }

    private static ManifestSource Named(string file, string kind)
    {
        var source = new ManifestSource(file, kind);
        if (!ManifestName.IsValid(source.Name))
            source.Report(ManifestErrors.BadName(source.At(1, 1), $"a{(kind == "agent" ? "n" : "")} {kind}", source.Name));
        return source;
    }
}
