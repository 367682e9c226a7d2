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
            var tail = new byte[length - start];
            for (int read = 0, count; read < tail.Length && (count = RandomAccess.Read(file, tail.AsSpan(read), start + read)) > 0; read += count) { }
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
