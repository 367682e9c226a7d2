namespace Bottle.Host.State;

/// <summary>What kind of file system a folder is on, by <c>/proc/mounts</c>.</summary>
internal static class Mounts
{
    /// <summary>Whether a folder is on tmpfs or ramfs.</summary>
    public static bool IsMemory(string folder) => File.Exists("/proc/mounts") && IsMemory(folder, File.ReadLines("/proc/mounts"));

    internal static bool IsMemory(string folder, IEnumerable<string> mounts)
    {
        var best = ("", "");
        // A later mount over the same point hides the earlier one.
        foreach (var parts in mounts.Select(m => m.Split(' ')).Where(p => p.Length > 2))
        {
            var point = parts[1].Replace("\\040", " ", StringComparison.Ordinal);
            if ((folder == point || point == "/" || folder.StartsWith(point + "/", StringComparison.Ordinal)) && point.Length >= best.Item1.Length)
                best = (point, parts[2]);
        }
        return best.Item2 is "tmpfs" or "ramfs";
    }
}
