using System.Globalization;
using System.Security.Cryptography;
using Bottle.Contracts.Audit;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Audit;

/// <summary>One audit file, for the holder of the audit lock. Nothing in it is ever taken away: what a killed writer left is ended with a line feed, and a record of its own says what it was.</summary>
internal sealed class AuditFile(string path)
{
    private const int Step = 64 * 1024;

    /// <summary>Appends a record and forces it to disk; a failure (BTL3106) leaves the file as it was.</summary>
    public void Append(AuditEntry entry)
    {
        try
        {
            using var file = NativeFile.OpenToLock(path);
            var length = RandomAccess.GetLength(file);
            var (previous, broken, isTorn) = ReadEnd(file, length);
            var bytes = new List<byte>(isTorn ? "\n"u8.ToArray() : []);
            if (broken.Count > 0)
            {
                var line = AuditChain.Append(previous, Recovery(entry, broken));
                bytes.AddRange(line);
                previous = AuditChain.Read(line.AsSpan()[..^1], out _);
            }
            bytes.AddRange(AuditChain.Append(previous, entry));
            Write(file, length, [.. bytes]);
        }
        catch (IOException e)
        {
            throw new BottleException(StateErrors.CannotWrite(path, e.Message), e);
        }
    }

    /// <summary>Every record of a file, in their order; none when there is no file. A run's file has the length of what people decided in it.</summary>
    public static IEnumerable<AuditRecord> All(string path)
    {
        if (NativeFile.Look(path) is null)
            return [];
        using var file = NativeFile.OpenWithoutFollowing(path);
        return [.. Lines(ReadFrom(file, 0, RandomAccess.GetLength(file))).Select(line => AuditChain.Read(line, out _)).OfType<AuditRecord>()];
    }

    /// <summary>Records at the end of a file, as many as a change can leave and some more, in their order; none when there is no file.</summary>
    public static IReadOnlyList<AuditRecord> Newest(string path)
    {
        if (NativeFile.Look(path) is null)
            return [];
        using var file = NativeFile.OpenWithoutFollowing(path);
        var length = RandomAccess.GetLength(file);
        var lines = Lines(ReadFrom(file, Math.Max(0, length - (4 * AuditChain.MaxLine)), length));
        return [.. lines.Select(line => AuditChain.Read(line, out _)).OfType<AuditRecord>()];
    }

    private static void Write(SafeFileHandle file, long length, byte[] bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, length);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(file, length);
            throw;
        }
    }

    /// <summary>The last record, the lines after it that are none, and whether the file ends without a line feed.</summary>
    private static (AuditRecord? Last, IReadOnlyList<byte[]> Broken, bool IsTorn) ReadEnd(SafeFileHandle file, long length)
    {
        if (length == 0)
            return (null, [], false);
        for (long wanted = Step; ; wanted *= 2)
        {
            var start = Math.Max(0, length - wanted);
            var tail = ReadFrom(file, start, length);
            var isTorn = tail[^1] != '\n';
            var lines = Lines(tail);
            // The first piece may be the end of a line that began before.
            var first = start == 0 ? 0 : 1;
            var broken = new List<byte[]>();
            for (var i = lines.Count - 1; i >= first; i--)
            {
                if (AuditChain.Read(lines[i], out _) is { } record)
                    return (record, broken, isTorn);
                broken.Insert(0, lines[i]);
            }
            if (start == 0)
                return (null, broken, isTorn);
        }
    }

    private static byte[] ReadFrom(SafeFileHandle file, long start, long end)
    {
        var bytes = new byte[end - start];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), start + read) is > 0 and var count)
            read += count;
        return bytes[..read];
    }

    private static List<byte[]> Lines(byte[] tail)
    {
        var lines = new List<byte[]>();
        for (var rest = tail.AsSpan(); rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            lines.Add((end < 0 ? rest : rest[..end]).ToArray());
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return lines;
    }

    private static AuditEntry Recovery(AuditEntry next, IReadOnlyList<byte[]> broken) => new()
    {
        Time = next.Time,
        Identity = next.Identity,
        Event = AuditEvents.Recovered,
        Actor = "bottle",
        Before = string.Join("; ", broken.Select(line => string.Create(CultureInfo.InvariantCulture, $"a line of {line.Length} bytes that is no record, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(line))}"))),
        After = "a writer was ended in the middle; what it wanted to record is not known to be recorded",
    };
}
