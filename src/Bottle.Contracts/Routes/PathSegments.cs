namespace Bottle.Contracts.Routes;

/// <summary>Looks at a canonical path segment by segment, with <c>%2F</c> counted as a separator too, because servers differ on it.</summary>
internal static class PathSegments
{
    private const string EncodedSlash = "%2F";
    private const string EncodedSemicolon = "%3B";

    public static string? FindAmbiguity(ReadOnlySpan<char> path)
    {
        var rest = path[1..];
        while (true)
        {
            var end = NextSeparator(rest, out var width);
            var segment = end < 0 ? rest : rest[..end];
            // Servers that know path parameters drop ';…' before they resolve dots.
            var name = segment[..NameLength(segment)];
            if (name is "." or "..")
            {
                return "the path has a dot segment";
            }
            if (end < 0)
            {
                return null;
            }
            if (name.IsEmpty)
            {
                return "the path has an empty segment ('//')";
            }
            rest = rest[(end + width)..];
        }
    }

    private static int NextSeparator(ReadOnlySpan<char> text, out int width)
    {
        var slash = text.IndexOf('/');
        var encoded = (slash < 0 ? text : text[..slash]).IndexOf(EncodedSlash);
        width = encoded >= 0 ? EncodedSlash.Length : 1;
        return encoded >= 0 ? encoded : slash;
    }

    private static int NameLength(ReadOnlySpan<char> segment)
    {
        var plain = segment.IndexOf(';');
        var encoded = segment.IndexOf(EncodedSemicolon);
        return plain < 0 ? (encoded < 0 ? segment.Length : encoded) : encoded < 0 ? plain : Math.Min(plain, encoded);
    }
}
