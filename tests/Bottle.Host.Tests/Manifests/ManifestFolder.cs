using Bottle.Host.Manifests;

namespace Bottle.Host.Tests.Manifests;

/// <summary>A home and a working directory with manifests, gone after the test.</summary>
internal sealed class ManifestFolder : IDisposable
{
    public ManifestFolder()
    {
        Write("work/bottles/dev.md", "---\nenv: {LOG: debug}\n---\nFor people.\n");
        Write("work/bottles/agents/demo.md", "---\nbottle: dev\ncommand: [sh]\n---\nDo it.\n");
        Write("work/bottles/images/demo/Dockerfile", "FROM scratch\n");
        Directory.CreateDirectory(HomeBottles);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("bottle-manifests-").FullName;

    public string Work => Path.Combine(Root, "work");

    public string HomeBottles => Path.Combine(Root, "home", "bottles");

    public string TrustDirectory => Path.Combine(Root, "home", "trust");

    public string UserSkills => Path.Combine(Root, "claude-skills");

    public ManifestStore Store(string? manifests = null) => new(ManifestStore.Roots(manifests, HomeBottles, Work), Work, UserSkills);

    public TrustStore Trust(ShippedTrust? shipped = null) => new(TrustDirectory, HomeBottles, Work, shipped);

    public string Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
