using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>How much disk a folder takes in which somebody may just be writing: no link is followed, and what goes away meanwhile counts as nothing.</summary>
public static class DiskUsage
{
    /// <summary>Bytes on the disk, of files and folders; stops counting above <paramref name="enough"/>.</summary>
    public static long Of(string folder, long enough, CancellationToken cancellationToken = default)
    {
        var total = 0L;
        var folders = new Stack<string>([folder]);
        while (total <= enough && folders.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var path in Entries(next))
            {
                if (Look(path) is not { } facts)
                    continue;
                total += facts.DiskBytes;
                if (facts.IsDirectory)
                    folders.Push(path);
                if (total > enough)
                    break;
            }
        }
        return total;
    }

    private static FileFacts? Look(string path)
    {
        try
        {
            return NativeFile.Look(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Entries(string folder)
    {
        try
        {
            return Look(folder) is { IsDirectory: true } ? Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true }) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
