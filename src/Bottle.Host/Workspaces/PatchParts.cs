using System.Text;

namespace Bottle.Host.Workspaces;

/// <summary>A part of a patch, one file's: its bytes, and how many lines it adds and removes.</summary>
internal readonly record struct PatchPart(long Offset, long Length, int Added, int Removed);

/// <summary>Cuts a patch that git wrote into its files. A line that begins with <c>diff --git </c> begins a part: lines of content have a sign in front, and those of binary data no blank.</summary>
internal static class PatchParts
{
    /// <summary>The parts, in order.</summary>
    public static List<PatchPart> Cut(Stream patch)
    {
        var parts = new List<PatchPart>();
        var (start, position, added, removed, inHunks) = (-1L, 0L, 0, 0, false);
        using var reader = new BufferedStream(patch, 1 << 16);
        var head = new byte[12];
        for (int first; (first = reader.ReadByte()) >= 0;)
        {
            var length = ReadLine(reader, first, head);
            if (Begins(head, length, "diff --git "u8))
            {
                if (start >= 0)
                    parts.Add(new PatchPart(start, position - start, added, removed));
                (start, added, removed, inHunks) = (position, 0, 0, false);
            }
            else if (Begins(head, length, "@@ "u8))
                inHunks = true;
            else if (Begins(head, length, "GIT binary "u8))
                inHunks = false;
            else if (inHunks)
                (added, removed) = (added + (first == '+' ? 1 : 0), removed + (first == '-' ? 1 : 0));
            position += length;
        }
        if (start >= 0)
            parts.Add(new PatchPart(start, position - start, added, removed));
        return parts;
    }

    private static bool Begins(byte[] head, long length, ReadOnlySpan<byte> word) => length >= word.Length && head.AsSpan().StartsWith(word);

    private static long ReadLine(Stream stream, int first, byte[] head)
    {
        Array.Clear(head);
        var length = 0L;
        for (var next = first; next >= 0; next = stream.ReadByte())
        {
            if (length < head.Length)
                head[length] = (byte)next;
            length++;
            if (next == '\n')
                break;
        }
        return length;
    }
}
