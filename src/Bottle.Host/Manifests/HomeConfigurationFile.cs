using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;

namespace Bottle.Host.Manifests;

/// <summary>The file of the home configuration.</summary>
public static class HomeConfigurationFile
{
    /// <summary>What it says; without a file, nothing.</summary>
    /// <exception cref="BottleException">Every problem of the file at once (BTL1xxx, BTL2001).</exception>
    public static HomeConfiguration Load(string path)
    {
        if (!File.Exists(path))
            return new HomeConfiguration();
        var result = ManifestReader.ReadHomeConfiguration(path, ManifestFile.Read(path, path));
        return result.Manifest ?? throw new BottleException(result.Diagnostics);
    }
}
