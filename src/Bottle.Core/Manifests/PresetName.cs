namespace Bottle.Core.Manifests;

/// <summary>The names that <c>egress.presets</c> may hold (SPEC A14), in the order in which they are documented.</summary>
public static class PresetName
{
    /// <summary>Packages of Node.</summary>
    public const string Npm = "npm";

    /// <summary>Packages of Python.</summary>
    public const string PyPi = "pypi";

    /// <summary>Packages of .NET.</summary>
    public const string NuGet = "nuget";

    /// <summary>Packages of Rust.</summary>
    public const string Crates = "crates";

    /// <summary>Modules of Go, and the database of their checksums.</summary>
    public const string Go = "go";

    /// <summary>Packages of Debian.</summary>
    public const string Debian = "debian";

    /// <summary>Fetching from GitHub.</summary>
    public const string GitHubRead = "github-read";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Npm, PyPi, NuGet, Crates, Go, Debian, GitHubRead];
}
