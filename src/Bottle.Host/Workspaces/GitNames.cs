using System.Globalization;

namespace Bottle.Host.Workspaces;

/// <summary>Names that some file system takes for <c>.git</c>: in another case, with what it does not see, or in DOS's short form.</summary>
internal static class GitNames
{
    /// <summary>Whether a name is one of them.</summary>
    public static bool IsGit(string name)
    {
        var seen = string.Concat(name.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)).TrimEnd('.', ' ');
        return seen.Equals(".git", StringComparison.OrdinalIgnoreCase) || seen.Equals("git~1", StringComparison.OrdinalIgnoreCase) || seen.StartsWith(".git:", StringComparison.OrdinalIgnoreCase);
    }
}
