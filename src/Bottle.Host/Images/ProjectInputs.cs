using System.Collections.Concurrent;
using System.Xml.Linq;

namespace Bottle.Host.Images;

/// <summary>Everything that a published program is made of: its folder, the folders of the projects that it references, and the build files of the repository.</summary>
internal static class ProjectInputs
{
    private static readonly string[] BuildFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "src/BannedSymbols.txt"];

    /// <summary>The program's hash; <paramref name="project"/> is relative to the repository; <paramref name="read"/> as in <see cref="ContentHash"/>.</summary>
    public static string Hash(string repository, string project, ConcurrentDictionary<string, byte[]> read)
    {
        var hash = new ContentHash(read);
        foreach (var file in BuildFiles)
            hash.File(file, Path.Combine(repository, file));
        // Another SDK brings another runtime, which is part of what is published.
        hash.Text("runtime", Environment.Version.ToString());
        AddProject(hash, repository, Path.GetFullPath(project, repository), []);
        return hash.ToString();
    }

    private static void AddProject(ContentHash hash, string repository, string project, HashSet<string> seen)
    {
        if (!seen.Add(project))
            return;
        var folder = Path.GetDirectoryName(project)!;
        hash.Sources(Path.GetRelativePath(repository, folder), folder);
        foreach (var reference in XDocument.Load(project).Descendants("ProjectReference"))
        {
            if (reference.Attribute("Include")?.Value is { } include)
                AddProject(hash, repository, Path.GetFullPath(include.Replace('\\', '/'), folder), seen);
        }
    }
}
