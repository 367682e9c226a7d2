using System.IO.Compression;

namespace Bottle.GitGate.Scanning;

/// <summary>Opens what hides text from a scanner: UTF-16 and UTF-32, gzip, zip (so jar, docx, wheels), base64, and these inside each other. What needs a key, or another packer, stays closed: README.md says so.</summary>
internal static class Views
{
    private const int Depth = 3;

    /// <summary>How much one object may become when it is unpacked: a bomb ends there.</summary>
    public const int UnpackedLimit = 16 * 1024 * 1024;

    /// <summary>Every view of a content.</summary>
    public static IEnumerable<View> Of(byte[] content)
    {
        var budget = new Budget(UnpackedLimit);
        return Of(content, null, null, Depth, budget);
    }

    /// <summary>Makes the scanner's own way out (<c>gitleaks:allow</c> on a line) mean nothing, in place.</summary>
    public static void Defuse(Span<byte> text)
    {
        var mark = "gitleaks:allow"u8;
        for (var at = text.IndexOf(mark); at >= 0; at = text.IndexOf(mark))
        {
            text[at + 8] = (byte)'-';
            text = text[(at + mark.Length)..];
        }
    }

    /// <summary>The bytes that are not NUL; the same array when none is.</summary>
    public static byte[] WithoutNuls(byte[] content) => content.AsSpan().Contains((byte)0) ? Array.FindAll(content, b => b != 0) : content;

    private static IEnumerable<View> Of(byte[] content, int[]? lines, string? inside, int depth, Budget budget)
    {
        if (!content.AsSpan().Contains((byte)0))
        {
            yield return Text(content, lines, inside);
        }
        else
        {
            // Without its NULs, UTF-16 and UTF-32 are the ASCII that a secret is made of; with them as line ends, a binary is its strings.
            yield return Text(WithoutNuls(content), lines, inside);
            var strings = (byte[])content.Clone();
            strings.AsSpan().Replace((byte)0, (byte)'\n');
            yield return Text(strings, [], inside);
        }
        if (depth == 0)
        {
            yield break;
        }
        foreach (var (bytes, from, name) in Opened(content, budget))
        {
            // What was unpacked has lines of its own.
            var origin = from?.Select(line => lines is null ? line : line <= lines.Length ? lines[line - 1] : 0).ToArray();
            foreach (var view in Of(bytes, origin, inside is null ? name : $"{inside}, {name}", depth - 1, budget))
            {
                yield return view;
            }
        }
    }

    private static View Text(byte[] bytes, int[]? lines, string? inside)
    {
        var copy = (byte[])bytes.Clone();
        Defuse(copy);
        return new View(copy, lines, inside);
    }

    private static IEnumerable<(byte[] Bytes, int[]? Lines, string Name)> Opened(byte[] content, Budget budget)
    {
        if (content is [0x1f, 0x8b, ..] && Unpack(() => new GZipStream(new MemoryStream(content), CompressionMode.Decompress), budget) is { } unpacked)
        {
            yield return (unpacked, null, "gzip");
        }
        else if (content is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            foreach (var entry in Zip(content, budget))
            {
                yield return entry;
            }
        }
        else
        {
            // Base64 may be written in UTF-16 too; what is decoded from mere binary is no text and is dropped.
            var decoded = Base64Runs.Decode(WithoutNuls(content));
            if (decoded.Bytes.Length > 0)
            {
                yield return (decoded.Bytes, decoded.Lines, "base64");
            }
            foreach (var packed in decoded.Packed)
            {
                yield return (packed, null, "base64");
            }
        }
    }

    private static IEnumerable<(byte[] Bytes, int[]? Lines, string Name)> Zip(byte[] content, Budget budget)
    {
        ZipArchive archive;
        try
        {
            archive = new ZipArchive(new MemoryStream(content));
        }
        catch (InvalidDataException)
        {
            yield break;
        }
        using (archive)
        {
            foreach (var entry in archive.Entries)
            {
                if (Unpack(entry.Open, budget) is { Length: > 0 } bytes)
                {
                    yield return (bytes, null, $"zip: {entry.FullName}");
                }
            }
        }
    }

    private static byte[]? Unpack(Func<Stream> open, Budget budget)
    {
        using var memory = new MemoryStream();
        try
        {
            using var stream = open();
            var buffer = new byte[32 * 1024];
            int read;
            while (budget.Left > 0 && (read = stream.Read(buffer)) > 0)
            {
                memory.Write(buffer, 0, read);
                budget.Left -= read;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            // What could be unpacked before the damage is scanned.
        }
        return memory.ToArray();
    }

    private sealed class Budget(long left)
    {
        public long Left { get; set; } = left;
    }
}
