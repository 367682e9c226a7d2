using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Host.Receipts;

/// <summary>
/// A receipt as bytes. Its last member is <c>sha256</c>: the hash of the file's own bytes with <c>,\n  "sha256": "…"</c> before the final brace taken out, so that any tool can check it.
/// Whoever can write the file can also write that hash anew: it tells of accidents, and pins the receipt for who keeps the hash elsewhere.
/// </summary>
public static class ReceiptFormat
{
    /// <summary>No receipt is larger, in bytes.</summary>
    public const long MaxLength = 8 * 1024 * 1024;

    private static readonly byte[] Member = ",\n  \"sha256\": \""u8.ToArray();
    private static readonly byte[] End = "\"\n}\n"u8.ToArray();
    private const int HashLength = 64;

    /// <summary>The file's bytes, and their hash.</summary>
    public static (byte[] Content, string Sha256) Write(Receipt receipt)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJson.Default.Receipt);
        // An object ends in a line break and its brace; the file in one line break more.
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. body, (byte)'\n']));
        return ([.. body.AsSpan()[..^2], .. Member, .. Encoding.ASCII.GetBytes(hash), .. End], hash);
    }

    /// <summary>The hash that a receipt's file ends in.</summary>
    public static string HashIn(ReadOnlySpan<byte> content) => Encoding.ASCII.GetString(content[^(HashLength + End.Length)..^End.Length]);

    /// <summary>Reads a file; null when it is no receipt, and <paramref name="problem"/> says why. <paramref name="isAsWritten"/>: whether its own hash fits.</summary>
    public static Receipt? Read(ReadOnlySpan<byte> content, out bool isAsWritten, out string problem)
    {
        (isAsWritten, problem) = (false, "");
        var tail = Member.Length + HashLength + End.Length;
        if (content.Length < tail || !content.EndsWith(End) || !content[^tail..].StartsWith(Member))
        {
            problem = "it does not end in its own hash";
            return null;
        }
        byte[] body = [.. content[..^tail], .. "\n}"u8];
        isAsWritten = HashIn(content) == Convert.ToHexStringLower(SHA256.HashData([.. body, (byte)'\n']));
        try
        {
            var receipt = JsonSerializer.Deserialize(body, ReceiptJson.Default.Receipt);
            problem = receipt is null ? "it says null" : receipt.V != Receipt.CurrentVersion ? $"its version {receipt.V} is not known" : "";
            return problem.Length == 0 ? receipt : null;
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
