namespace Bottle.Host.Manifests;

/// <summary>Where paths lead once their links are followed: a stranger's link must not make Bottle read, show or copy a file elsewhere.</summary>
internal static class Links
{
    /// <summary>Whether a path, its links followed, is <paramref name="directory"/> (its links followed too) or lies below it.</summary>
    public static bool StaysWithin(string path, string directory)
    {
        var (real, place) = (RealPath(path), RealPath(directory));
        return real == place || real.StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    /// <summary>Resolves every part of a path, as the kernel would; a dangling link resolves to where it points.</summary>
    public static string RealPath(string path)
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
