using System.Security.Cryptography;
using System.Text;

namespace Bottle.Host.State;

/// <summary>SHA-256 as stage records write it: 64 lower-case hex digits.</summary>
public static class ContentDigest
{
    private const long Largest = 64L * 1024 * 1024;

    /// <summary>Of a text, as UTF-8.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Of a regular file, its first 64 MiB; null when none is there, or something else.</summary>
    public static string? OfFile(string path)
    {
        try
        {
            return SafeReading.Read(path, Largest) is var (content, _) ? Of(content) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
