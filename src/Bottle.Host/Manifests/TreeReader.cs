namespace Bottle.Host.Manifests;

/// <summary>What lies at a path: a file (its bytes and whether it may be executed), or a link (where it points, as text; it is not followed).</summary>
public sealed record TreeEntry(string Path, bool IsLink, bool IsExecutable, ReadOnlyMemory<byte> Content);

/// <summary>Reads a directory that others may have made: sorted, bounded, no link followed, nothing but regular files opened.</summary>
internal static class TreeReader
{
    /// <summary>The most files of one launch.</summary>
    public const int MaxFiles = 5_000;

    /// <summary>The most bytes of one launch: 64 MiB.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>The deepest folder.</summary>
    public const int MaxDepth = 32;

    /// <summary>Every file and link below <paramref name="directory"/>, named <paramref name="prefix"/> and its path; null when a limit is passed.</summary>
    /// <exception cref="IOException">Something there can be read by nobody, or is a pipe or a device.</exception>
    public static List<TreeEntry>? Read(string directory, string prefix, int files, long bytes)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = MaxDepth };
        var found = new DirectoryInfo(directory).EnumerateFileSystemInfos("*", options).Where(entry => entry.LinkTarget is not null || entry is FileInfo).Take(files + 1).ToList();
        if (found.Count > files)
            return null;
        var entries = new List<TreeEntry>();
        foreach (var info in found.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var entry = ReadEntry(info.FullName, prefix + Path.GetRelativePath(directory, info.FullName), bytes);
            bytes -= entry.Content.Length;
            if (bytes < 0)
                return null;
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>One file or link; its content is longer than <paramref name="bytes"/> when there is more.</summary>
    public static TreeEntry ReadEntry(string path, string name, long bytes)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
            return new TreeEntry(name, true, false, System.Text.Encoding.UTF8.GetBytes(target));
        var isExecutable = (info.UnixFileMode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
        return new TreeEntry(name, false, isExecutable, BoundedFile.Read(path, (int)Math.Min(bytes, MaxBytes)));
    }
}
