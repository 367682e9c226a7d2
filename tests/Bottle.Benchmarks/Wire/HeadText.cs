using System.Buffers.Text;
using System.Text;

namespace Bottle.Benchmarks.Wire;

/// <summary>Finds header values in the bytes of a head without allocating. Names are given as <c>"\r\nname:"</c> in lower case.</summary>
internal static class HeadText
{
    /// <summary>The value of the first header of that name, trimmed; empty when there is none.</summary>
    internal static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> lowerName)
    {
        for (var at = 0; at + lowerName.Length <= head.Length; at++)
        {
            var next = head[at..].IndexOf((byte)'\r');
            if (next < 0)
                break;
            at += next;
            if (at + lowerName.Length > head.Length || !Ascii.EqualsIgnoreCase(head.Slice(at, lowerName.Length), lowerName))
                continue;
            var rest = head[(at + lowerName.Length)..];
            return rest[..rest.IndexOf((byte)'\r')].Trim((byte)' ');
        }
        return [];
    }

    /// <summary>That value as a number, or -1.</summary>
    internal static long Number(ReadOnlySpan<byte> head, ReadOnlySpan<byte> lowerName) =>
        Utf8Parser.TryParse(Value(head, lowerName), out long number, out _) ? number : -1;
}
