namespace Bottle.Host.Workspaces;

/// <summary>Where links of a working directory lead, by their text alone: what they point to is never asked.</summary>
internal static class LinkTargets
{
    /// <summary>Whether a link at a path, relative to the directory, leads out of it or into its <c>.git</c>.</summary>
    public static bool Leaves(string path, string target)
    {
        if (target.StartsWith('/') || target.Contains('\0', StringComparison.Ordinal))
            return true;
        var parts = new Stack<string>((Path.GetDirectoryName(path) ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
        var hasName = false;
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                // Upwards out of a name that may itself be a link: where that leads no text tells.
                if (hasName || !parts.TryPop(out _))
                    return true;
            }
            else if (part != ".")
            {
                parts.Push(part);
                hasName = true;
            }
        }
        return parts.Any(GitNames.IsGit);
    }
}
