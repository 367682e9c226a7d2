using System.Text;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>A file or link of the directory as it was copied. Inode and time of change are the copy's: no user can set the latter back, so that a file in which both are as they were is unchanged and need not be read.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Mode">Git's mode: 100644, 100755 or 120000 (a link, whose content is its target).</param>
/// <param name="Offset">Where its content begins in the pack.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Inode">Of the copy.</param>
/// <param name="ChangedAt">Of the copy, in nanoseconds.</param>
internal sealed record BaselineFile(string Path, int Mode, long Offset, long Length, ulong Inode, long ChangedAt);

/// <summary>
/// What was copied for the agent, beside what its container sees: contents end to end in one file (the pack), and an index of it. Without it nobody could say what the agent changed, because the
/// directory itself goes on living.
/// </summary>
internal sealed class Baseline
{
    private const int Format = 1;
    private readonly string pack;

    private Baseline(string source, string pack, Dictionary<string, BaselineFile> files)
    {
        Source = source;
        this.pack = pack;
        Files = files;
        Folders = [];
        foreach (var path in files.Keys)
            for (var folder = System.IO.Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder) && Folders.Add(folder); folder = System.IO.Path.GetDirectoryName(folder)) { }
    }

    /// <summary>The directory that was copied.</summary>
    public string Source { get; }

    /// <summary>By path.</summary>
    public IReadOnlyDictionary<string, BaselineFile> Files { get; }

    /// <summary>Every folder above a file.</summary>
    public HashSet<string> Folders { get; }

    /// <summary>Reads the index; null when nothing was copied, or the copy did not come to its end.</summary>
    public static Baseline? Open(string index, string pack)
    {
        if (NativeFile.Look(index) is not { IsRegular: true })
            return null;
        using var reader = new BinaryReader(File.OpenRead(index), Encoding.UTF8);
        if (reader.ReadInt32() != Format)
            return null;
        var source = reader.ReadString();
        var count = reader.ReadInt32();
        var files = new Dictionary<string, BaselineFile>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var file = new BaselineFile(reader.ReadString(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadInt64());
            files[file.Path] = file;
        }
        return new Baseline(source, pack, files);
    }

    /// <summary>Writes the index, whole: that it is there says that everything was copied.</summary>
    public static void Write(string index, string source, IReadOnlyCollection<BaselineFile> files) => AtomicFile.Write(index, stream =>
    {
        using var writer = new BinaryWriter(new BufferedStream(stream, 1 << 16), Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        writer.Write(source);
        writer.Write(files.Count);
        foreach (var file in files)
        {
            writer.Write(file.Path);
            writer.Write(file.Mode);
            writer.Write(file.Offset);
            writer.Write(file.Length);
            writer.Write(file.Inode);
            writer.Write(file.ChangedAt);
        }
    }, AtomicFile.Secret);

    /// <summary>The content of a file as it was copied.</summary>
    public void CopyTo(BaselineFile file, Stream target)
    {
        using var contents = File.OpenHandle(pack);
        Bytes.Copy(contents, file.Offset, file.Length, target);
    }

    /// <summary>The same in memory, at most <paramref name="limit"/> bytes; null when there are more.</summary>
    public byte[]? Read(BaselineFile file, int limit)
    {
        if (file.Length > limit)
            return null;
        using var buffer = new MemoryStream((int)file.Length);
        CopyTo(file, buffer);
        return buffer.ToArray();
    }
}
