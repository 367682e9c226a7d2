using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bottle.Contracts.Audit;

/// <summary>
/// Writes and reads the lines of an audit file (SPEC N5). A line's hash covers its bytes as they stand in the file, with <c>,"hash":"…"</c> before the final brace taken out:
/// any tool can check it, and no two ways to write the same record exist.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first record has for <see cref="AuditRecord.Prev"/>.</summary>
    public const string Start = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Characters kept of <see cref="AuditEntry.Before"/> and of <see cref="AuditEntry.After"/>.</summary>
    public const int MaxText = 32 * 1024;

    /// <summary>No line is longer, in bytes: every character may take six, and the rest is short.</summary>
    public const int MaxLine = (2 * 6 * MaxText) + (8 * 1024);

    private const int HashLength = 64;
    private static readonly byte[] HashMember = ",\"hash\":\""u8.ToArray();

    /// <summary>The line after <paramref name="previous"/> (null: the first), with its line feed.</summary>
    public static byte[] Append(AuditRecord? previous, AuditEntry entry)
    {
        var body = Body(entry, (previous?.Seq ?? 0) + 1, previous?.Hash ?? Start);
        var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body)));
        return [.. body.AsSpan()[..^1], .. HashMember, .. hash, .. "\"}\n"u8];
    }

    /// <summary>Reads one line, without its line feed. Null when it is no record; <paramref name="problem"/> says why. Whether the hash fits is another question: <see cref="HasItsHash"/>.</summary>
    public static AuditRecord? Read(ReadOnlySpan<byte> line, out string problem)
    {
        problem = "";
        if (line.Length > MaxLine)
        {
            problem = "it is longer than any record";
            return null;
        }
        try
        {
            var record = JsonSerializer.Deserialize(line, AuditJson.Default.AuditRecord);
            problem = record is null ? "it says null" : Misfit(record) ?? "";
            return problem.Length == 0 ? record : null;
        }
        catch (JsonException e)
        {
            problem = "it is no JSON object of a record's members" + (e.BytePositionInLine is { } at ? string.Create(CultureInfo.InvariantCulture, $" (byte {at})") : "");
            return null;
        }
    }

    /// <summary>Whether a line, without its line feed, is what its own hash was made of.</summary>
    public static bool HasItsHash(ReadOnlySpan<byte> line)
    {
        var tail = HashMember.Length + HashLength + 2;
        if (line.Length <= tail || !line[^tail..].StartsWith(HashMember) || !line.EndsWith("\"}"u8))
        {
            return false;
        }
        var written = line[^(HashLength + 2)..^2];
        byte[] body = [.. line[..^tail], (byte)'}'];
        return written.SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))));
    }

    /// <summary>Whether a text is a hash as records write it.</summary>
    internal static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);

    // Members in one order, nothing escaped in two ways: the writer's defaults leave printable ASCII alone.
    private static byte[] Body(AuditEntry entry, long seq, string previous)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", AuditRecord.CurrentVersion);
            json.WriteNumber("seq", seq);
            json.WriteString("time", entry.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("identity", entry.Identity);
            json.WriteString("event", entry.Event);
            json.WriteString("actor", entry.Actor);
            json.WriteString("before", Cut(entry.Before));
            json.WriteString("after", Cut(entry.After));
            json.WriteString("prev", previous);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A text as a record has it: one longer than <see cref="MaxText"/> ends with the hash of all of it.</summary>
    public static string? Cut(string? text)
    {
        if (text is null || text.Length <= MaxText)
        {
            return text;
        }
        var note = $"… (cut; SHA-256 of all of it {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))})";
        return text[..(MaxText - note.Length)] + note;
    }

    private static string? Misfit(AuditRecord record) => record switch
    {
        { V: not AuditRecord.CurrentVersion } => "its version is not known",
        { Seq: < 1 } => "its number is not positive",
        { Time.Offset.Ticks: not 0 } => "its time is not UTC",
        _ when !IsHash(record.Prev) || !IsHash(record.Hash) => "'prev' and 'hash' are 64 lower-case hex digits",
        _ => null,
    };
}
