using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.Host.Images;

/// <summary>A hash over named inputs, so that equal inputs make an equal tag on every machine and in every folder.</summary>
/// <param name="read">Hashes of files that were read before, by path: programs share sources, and what is planned and what is built must be of one reading.</param>
internal sealed class ContentHash(ConcurrentDictionary<string, byte[]> read)
{
    private static readonly HashSet<string> BuildFolders = new(["bin", "obj", "artifacts", ".git"], StringComparer.Ordinal);

    // Two lists and one sort at the end: a sorted dictionary of these types is compiled at start-up, which a cold plan feels.
    private readonly List<string> names = [];
    private readonly List<byte[]> hashes = [];

    /// <summary>Adds a text under a name.</summary>
    public ContentHash Text(string name, string text)
    {
        return Add(name, SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Adds a file under a name; a missing file is an input too.</summary>
    public ContentHash File(string name, string path)
    {
        if (new FileInfo(path) is { LinkTarget: { } target })
            return Text(name, $"-> {target}");
        if (!System.IO.File.Exists(path))
            return Text(name, "missing");
        return Add(name, read.GetOrAdd(path, HashOf));
    }

    private static byte[] HashOf(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        return SHA256.HashData(stream);
    }

    private ContentHash Add(string name, byte[] hash)
    {
        names.Add(name);
        hashes.Add(hash);
        return this;
    }

    /// <summary>Adds every file of an image's context: the engine gets all of it, whatever it is called. Links are not followed.</summary>
    public ContentHash Context(string name, string path) => Folder(name, path, _ => true);

    /// <summary>Adds every file of a project's folder, build output left out; links are not followed.</summary>
    public ContentHash Sources(string name, string path) => Folder(name, path, inner => !BuildFolders.Contains(inner));

    private ContentHash Folder(string name, string path, Func<string, bool> enters)
    {
        foreach (var file in Directory.EnumerateFiles(path))
            File($"{name}/{Path.GetFileName(file)}", file);
        foreach (var folder in Directory.EnumerateDirectories(path))
        {
            var inner = Path.GetFileName(folder);
            if (new DirectoryInfo(folder).LinkTarget is { } target)
                Text($"{name}/{inner}", $"-> {target}");
            else if (enters(inner))
                Folder($"{name}/{inner}", folder, enters);
        }
        return this;
    }

    /// <summary>The first 12 hex digits of the whole.</summary>
    public override string ToString()
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (sorted, values) = (names.ToArray(), hashes.ToArray());
        Array.Sort(sorted, values, StringComparer.Ordinal);
        for (var index = 0; index < sorted.Length; index++)
        {
            // One would hide the other.
            if (index + 1 < sorted.Length && sorted[index] == sorted[index + 1])
                throw new InvalidOperationException($"two inputs are called {sorted[index]}");
            whole.AppendData(Encoding.UTF8.GetBytes($"{sorted[index]}\0"));
            whole.AppendData(values[index]);
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset())[..12];
    }
}
