using Bottle.Host.State;

namespace Bottle.Host.Traffic;

/// <summary>A file of lines that a container writes, read on from where it was read last: no link followed, regular files only, a bounded piece at a time. A file that starts over is read from its start.</summary>
internal sealed class GrowingFile(string path)
{
    private const int Piece = 1024 * 1024;

    // Twice what egress writes at most. A file with holes costs who makes it nothing, and would be read for ever.
    private const long Largest = 128L * 1024 * 1024;

    // Longer than any line that egress writes; what has no end within it is none.
    private const int LongestLine = 64 * 1024;

    // A line begins with its time: another beginning is another file, also where it has grown past the old place.
    private const int HeadLength = 48;

    /// <summary>Where it lies; what has been read stays read when a copy of the file elsewhere is gone on with.</summary>
    public string Path { get; set; } = path;

    private byte[] head = [];
    private byte[] rest = [];
    private long offset;

    /// <summary>The next piece: gives each whole line, without its line feed, to <paramref name="onLine"/>. False when there was nothing new.</summary>
    /// <exception cref="IOException">What lies there is no regular file, is larger than any log, or cannot be read.</exception>
    public bool ReadOn(Action<ReadOnlySpan<byte>> onLine)
    {
        if (NativeFile.Look(Path) is not { } facts || (facts.IsRegular && facts.Size == offset))
            return false;
        if (!facts.IsRegular)
            throw new IOException($"{Path} is not a regular file");
        using var file = NativeFile.OpenWithoutFollowing(Path);
        var opened = NativeFile.Look(file);
        if (!opened.IsRegular)
            throw new IOException($"{Path} is not a regular file");
        if (opened.Size > Largest)
            throw new IOException($"{Path} is larger than any log of egress");
        if (opened.Size < offset || !StartsAsBefore(file))
            (offset, rest, head) = (0, [], []);
        var bytes = new byte[Math.Min(Piece, opened.Size - offset)];
        var count = bytes.Length == 0 ? 0 : RandomAccess.Read(file, bytes, offset);
        if (count == 0)
            return false;
        if (offset == 0)
            head = bytes[..Math.Min(HeadLength, count)];
        offset += count;
        Split(bytes.AsSpan(0, count), onLine);
        return true;
    }

    private bool StartsAsBefore(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<byte> now = stackalloc byte[head.Length];
        return head.Length == 0 || (RandomAccess.Read(file, now, 0) == head.Length && now.SequenceEqual(head));
    }

    private void Split(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> onLine)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            onLine(rest.Length == 0 ? bytes[..end] : [.. rest, .. bytes[..end]]);
            rest = [];
        }
        rest = rest.Length + bytes.Length > LongestLine ? [] : [.. rest, .. bytes];
    }
}
