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
        if (!Links.StaysWithin(path, place))
            return (null, "a link in its path leaves the directory that skills may come from");
        if (FirstLeavingLink(path) is { } link)
            return (null, $"its link '{Path.GetRelativePath(path, link)}' leaves it");
        return (new SkillDirectory(skill, path), null);
    }

    private static string? FirstLeavingLink(string directory)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = TreeReader.MaxDepth };
        return new DirectoryInfo(directory).EnumerateFileSystemInfos("*", options).Take(TreeReader.MaxFiles)
            .FirstOrDefault(entry => entry.LinkTarget is not null && !Links.StaysWithin(entry.FullName, directory))?.FullName;
    }
}
