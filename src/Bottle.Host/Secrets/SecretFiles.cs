using Bottle.Host.State;

namespace Bottle.Host.Secrets;

/// <summary>Files that <c>file:</c> secrets name: relative to the manifest's folder, <c>~</c> is the operator's home.</summary>
internal static class SecretFiles
{
    // More is no token, whatever it is.
    private const long Limit = 64 * 1024;

    /// <summary>The full path of a file that a manifest names.</summary>
    public static string FullPath(string path, string manifest, string baseDirectory)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            return Path.GetFullPath(Path.Combine(home, path.Length > 2 ? path[2..] : ""));
        var folder = Path.GetDirectoryName(Path.GetFullPath(manifest, baseDirectory)) ?? baseDirectory;
        return Path.GetFullPath(path, folder);
    }

    /// <summary>The file's bytes. Links are followed (the path is the operator's word); what they end at must be a regular file of at most 64 KiB.</summary>
    /// <exception cref="IOException">It is missing, too large or no regular file.</exception>
    public static byte[] Read(string fullPath)
    {
        var target = new FileInfo(fullPath).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? fullPath;
        var (content, truncated) = SafeReading.Read(target, Limit) ?? throw new FileNotFoundException($"{fullPath} does not exist");
        return truncated ? throw new IOException($"{fullPath} is larger than {Limit} bytes") : content;
    }

    /// <summary>Whether <see cref="Read"/> would succeed.</summary>
    public static bool CanRead(string fullPath)
    {
        try
        {
            Read(fullPath);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
