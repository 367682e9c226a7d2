namespace Bottle.Host.Manifests;

/// <summary>Finds a skill's directory (SPEC A2): beside the manifest or in <c>~/.claude/skills</c>, reached through no link that leaves the place it is in.</summary>
internal static class SkillFinder
{
    private const string OwnPrefix = "~/.claude/skills/";

    /// <summary>The directory, or what is wrong. The path's syntax was checked when the manifest was read.</summary>
    public static (SkillDirectory? Found, string? Problem) Find(string skill, string manifestDirectory, string userSkills)
    {
        var isOwn = skill.StartsWith(OwnPrefix, StringComparison.Ordinal);
        var place = isOwn ? userSkills : manifestDirectory;
        var path = Path.Combine(place, (isOwn ? skill[OwnPrefix.Length..] : skill).TrimEnd('/'));
        if (!Directory.Exists(path))
            return (null, "there is no such directory");
        if (!IsWithin(RealPath(path), RealPath(place)))
            return (null, "a link in its path leaves the directory that skills may come from");
        if (FirstLeavingLink(path) is { } link)
            return (null, $"its link '{Path.GetRelativePath(path, link)}' leaves it");
        return (new SkillDirectory(skill, path), null);
    }

    private static string? FirstLeavingLink(string directory)
    {
        var real = RealPath(directory);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = TreeReader.MaxDepth };
        return new DirectoryInfo(directory).EnumerateFileSystemInfos("*", options).Take(TreeReader.MaxFiles)
            .FirstOrDefault(entry => entry.LinkTarget is not null && !IsWithin(RealPath(entry.FullName), real))?.FullName;
    }

    private static bool IsWithin(string path, string directory) => path == directory || path.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal);

    // Resolves every part of a path, as the kernel would; a dangling link resolves to where it points.
    private static string RealPath(string path)
    {
        const int mostLinks = 40;
        var left = mostLinks;
        var real = "/";
        var parts = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            if (part == "." || new FileInfo(next).LinkTarget is not { } target || left-- == 0)
            {
                real = part == "." ? real : next;
                continue;
            }

            if (target.StartsWith('/'))
                real = "/";
            foreach (var targetPart in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                parts.Push(targetPart);
        }

        return real;
    }
}
