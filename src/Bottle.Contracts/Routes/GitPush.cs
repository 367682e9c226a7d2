using System.Buffers;
using System.Globalization;

namespace Bottle.Contracts.Routes;

/// <summary>
/// Recognises a git push over smart HTTP (<c>…/git-receive-pack</c>, <c>…/info/refs?service=git-receive-pack</c>) in every spelling: any case, encoded any number of times, overlong.
/// A push goes to the git-gate, so a false alarm is cheaper than a miss.
/// </summary>
public static class GitPush
{
    private const string Service = "git-receive-pack";
    private const int MaxRounds = 4;

    /// <summary>Whether the path and query, as the client sent them, could be read as a push by any server.</summary>
    public static bool IsPush(ReadOnlySpan<char> pathAndQuery)
    {
        if (pathAndQuery.IndexOfAny("%\\\"'") < 0)
        {
            return pathAndQuery.Contains(Service, StringComparison.OrdinalIgnoreCase);
        }
        var buffer = ArrayPool<char>.Shared.Rent(pathAndQuery.Length);
        try
        {
            pathAndQuery.CopyTo(buffer);
            return IsPush(buffer.AsSpan(0, pathAndQuery.Length));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static bool IsPush(Span<char> text)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (((ReadOnlySpan<char>)text).Contains(Service, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
            var length = Decode(text);
            if (length == text.Length)
            {
                return false;
            }
            text = text[..length];
        }
        // Still changing after that many rounds: nobody encodes that deep who has nothing to hide.
        return true;
    }

    /// <summary>
    /// Decodes one layer of escapes in place, overlong two-byte forms of ASCII included, and leaves out what a careless server drops: quotes and backslashes of a shell or of PHP, control characters.
    /// git itself compares the name byte for byte, so none of these is a push to it. Returns the new length.
    /// </summary>
    private static int Decode(Span<char> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length; read++)
        {
            var c = text[read];
            if (TryReadEscape(text[read..], out var value))
            {
                c = (char)value;
                read += 2;
                if (value is 0xC0 or 0xC1 && TryReadEscape(text[(read + 1)..], out var next) && next is >= 0x80 and <= 0xBF)
                {
                    c = (char)(((value & 1) << 6) | (next & 0x3f));
                    read += 3;
                }
            }
            if (c is not ('\\' or '"' or '\'' or < ' ' or '\x7f'))
            {
                text[written++] = c;
            }
        }
        return written;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        return text.Length >= 3 && text[0] == '%' && byte.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
