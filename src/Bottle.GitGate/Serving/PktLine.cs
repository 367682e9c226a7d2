using System.Globalization;
using System.Text;

namespace Bottle.GitGate.Serving;

/// <summary>Git's packet lines (gitprotocol-common): four hex digits of length, themselves included, then the payload.</summary>
internal static class PktLine
{
    private const int MaximumRequest = 2048;

    /// <summary>Reads one line; null when what comes is no line, is too long, or ends early.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var prefix = new byte[4];
        if (await stream.ReadAtLeastAsync(prefix, 4, throwOnEndOfStream: false, cancellation) < 4
            || !prefix.All(b => char.IsAsciiHexDigit((char)b))
            || !int.TryParse(Encoding.ASCII.GetString(prefix), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
            || length is <= 4 or > MaximumRequest)
        {
            return null;
        }
        var payload = new byte[length - 4];
        return await stream.ReadAtLeastAsync(payload, payload.Length, throwOnEndOfStream: false, cancellation) == payload.Length ? payload : null;
    }

    /// <summary>A line with this payload.</summary>
    public static byte[] Encode(string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        return [.. Encoding.ASCII.GetBytes((bytes.Length + 4).ToString("x4", CultureInfo.InvariantCulture)), .. bytes];
    }
}
