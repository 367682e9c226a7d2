using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>The presets of this version. Registries are named by their clients' configuration alone: no host of one stands here (src/decisions/0012).</summary>
internal static class PresetCatalogue
{
    private const string PythonIndex = "/simple/";
    private static readonly string[] Reads = ["GET", "HEAD"];

    // A fetch over smart HTTP posts what it wants; the push is refused by egress on every host, whatever the route says (SPEC F4).
    private static readonly string[] Fetches = ["GET", "HEAD", "POST"];

    private static readonly Preset[] All =
    [
        new() { Name = PresetName.Npm, Version = 1, Paths = Below, Client = "npm", Configure = "npm config set registry=URL" },
        new() { Name = PresetName.PyPi, Version = 1, Paths = BesideIndex, Client = "pip", Configure = "pip config set global.index-url URL" },
        // Both name further paths of their host in an index that is read at run time.
        new() { Name = PresetName.NuGet, Version = 1, Client = "dotnet nuget", Configure = "dotnet nuget add source URL" },
        new() { Name = PresetName.Crates, Version = 1, Client = "cargo", Configure = "[source.mirror] registry = \"sparse+URL\" in ~/.cargo/config.toml" },
        new() { Name = PresetName.Go, Version = 1, Paths = Below, Client = "go", Configure = "go env -w GOPROXY=URL" },
        new() { Name = PresetName.Debian, Version = 1, Paths = Below, Client = "apt-get", Configure = "deb URL SUITE main in /etc/apt/sources.list" },
        new()
        {
            Name = PresetName.GitHubRead,
            Version = 1,
            Fixed =
            [
                new("github.com", Fetches),
                new("api.github.com", Reads),
                new("codeload.github.com", Reads),
                new("raw.githubusercontent.com", Reads),
                new("objects.githubusercontent.com", Reads),
                new("release-assets.githubusercontent.com", Reads),
            ],
        },
    ];

    /// <summary>The preset of a name that the manifest's reader has let pass.</summary>
    public static Preset Of(string name) => All.Single(preset => preset.Name == name);

    private static IReadOnlyList<string>? Below(RegistryEndpoint endpoint) => endpoint.Path == "/" ? null : [endpoint.Path + "*"];

    // The index ends in simple/ by convention, and the files lie beside it.
    private static IReadOnlyList<string>? BesideIndex(RegistryEndpoint endpoint)
    {
        var root = endpoint.Path.EndsWith(PythonIndex, StringComparison.Ordinal) ? endpoint.Path[..^(PythonIndex.Length - 1)] : endpoint.Path;
        return root == "/" ? null : [root + "*"];
    }
}
