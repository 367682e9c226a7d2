using System.IO.Compression;

namespace Bottle.Egress.Forwarding;

/// <summary>Content encodings that can be undone on the way.</summary>
internal static class BodyEncoding
{
    /// <summary>The normal form of a Content-Encoding that <see cref="Decode"/> knows; null for none or identity; false when it is something else.</summary>
    public static bool TryNormalize(string? header, out string? encoding)
    {
        encoding = header?.Trim().ToLowerInvariant() switch
        {
            null or "" or "identity" => null,
            "gzip" or "x-gzip" => "gzip",
            "deflate" => "deflate",
            "br" => "br",
            _ => "",
        };
        return encoding is not "";
    }

    /// <summary>A stream of the plain bytes; reads what has come and does not wait for more.</summary>
    public static Stream Decode(Stream stream, string encoding) => encoding switch
    {
        "gzip" => new GZipStream(stream, CompressionMode.Decompress),
        "deflate" => new ZLibStream(stream, CompressionMode.Decompress),
        "br" => new BrotliStream(stream, CompressionMode.Decompress),
        _ => throw new ArgumentException("unknown encoding", nameof(encoding)),
    };
}
