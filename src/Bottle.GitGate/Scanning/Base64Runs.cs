using System.Buffers;
using System.Buffers.Text;

namespace Bottle.GitGate.Scanning;

/// <summary>Finds base64 in a text (both alphabets, also over several lines as MIME and YAML write it) and decodes what turns out to be text or a packed file.</summary>
internal static class Base64Runs
{
    private const int ShortestRun = 20;
    private static readonly SearchValues<byte> Digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    /// <summary>What was decoded.</summary>
    /// <param name="Bytes">The decoded texts, each ended by a newline.</param>
    /// <param name="Lines">The source line of each of their lines, from 1.</param>
    /// <param name="Packed">Decoded contents that are gzip or zip.</param>
    internal sealed record Decoded(byte[] Bytes, int[] Lines, IReadOnlyList<byte[]> Packed);

    /// <summary>Decodes every run of a text.</summary>
    public static Decoded Decode(byte[] text)
    {
        using var bytes = new MemoryStream();
        var lines = new List<int>();
        var packed = new List<byte[]>();
        var line = 1;
        for (var at = 0; at < text.Length;)
        {
            var skipped = text.AsSpan(at).IndexOfAny(Digits) is var digit and >= 0 ? digit : text.Length - at;
            line += text.AsSpan(at, skipped).Count((byte)'\n');
            at += skipped;
            if (at == text.Length)
            {
                break;
            }
            // Most words are far too short to hold anything.
            var length = text.AsSpan(at).IndexOfAnyExcept(Digits) is var stop and >= 0 ? stop : text.Length - at;
            if (length < ShortestRun)
            {
                at += length;
                continue;
            }
            var (run, end, newLines) = Take(text, at);
            if (run.Length >= ShortestRun && DecodeRun(run) is { } decoded)
            {
                if (decoded is [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', 3, 4, ..])
                {
                    packed.Add(decoded);
                }
                else if (IsText(decoded))
                {
                    bytes.Write(decoded);
                    bytes.WriteByte((byte)'\n');
                    lines.AddRange(Enumerable.Repeat(line, decoded.AsSpan().Count((byte)'\n') + 1));
                }
            }
            line += newLines;
            at = end;
        }
        return new Decoded(bytes.ToArray(), [.. lines], packed);
    }

    // A run goes on over a line end when the line was long and full of digits, as wrapped base64 is.
    private static (byte[] Run, int End, int NewLines) Take(byte[] text, int start)
    {
        var run = new MemoryStream();
        int at = start, lineStart = start, newLines = 0;
        while (true)
        {
            var digits = text.AsSpan(at).IndexOfAnyExcept(Digits) is var stop and >= 0 ? stop : text.Length - at;
            run.Write(text, at, digits);
            at += digits;
            var next = at;
            while (next < text.Length && text[next] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t')
            {
                next++;
            }
            var breaks = text.AsSpan(at, next - at).Count((byte)'\n');
            if (breaks != 1 || at - lineStart < 40 || next >= text.Length || !IsDigit(text[next]))
            {
                return (run.ToArray(), at, newLines);
            }
            newLines++;
            at = lineStart = next;
        }
    }

    private static byte[]? DecodeRun(byte[] run)
    {
        var length = run.Length - (run.Length % 4 == 1 ? 1 : 0);
        var digits = new byte[(length + 3) / 4 * 4];
        digits.AsSpan(length).Fill((byte)'=');
        for (var i = 0; i < length; i++)
        {
            digits[i] = run[i] switch { (byte)'-' => (byte)'+', (byte)'_' => (byte)'/', var digit => digit };
        }
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(digits.Length)];
        return Base64.DecodeFromUtf8(digits, decoded, out _, out var written) == System.Buffers.OperationStatus.Done ? decoded[..written] : null;
    }

    private static bool IsDigit(byte b) => Digits.Contains(b);

    // UTF-16 inside base64 (PowerShell's encoded commands) has a NUL in every second place.
    private static bool IsText(byte[] bytes)
    {
        var printable = bytes.Count(b => b is >= 32 and < 127 or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0);
        return printable * 10 >= bytes.Length * 9;
    }
}
