using System.Globalization;
using System.Text;

namespace Bottle.Contracts.Routes;

/// <summary>
/// Reads a query the way any server might: parts end at '&amp;' or ';', names are compared decoded (also twice), without case, with '_', '-', '.' and a space alike. What stays is passed on byte for byte.
/// </summary>
public static class QueryText
{
    private const int MaxDecodeRounds = 3;

    /// <summary>The query without every parameter that <paramref name="isRemoved"/> names (decoded, lower case, '-', '.' and space written as '_'); the same text when there is none, null when nothing is left.</summary>
    public static string? Without(string query, Predicate<string> isRemoved)
    {
        StringBuilder? kept = null;
        var start = 0;
        while (start <= query.Length)
        {
            var end = EndOfPart(query, start);
            var part = query.AsSpan(start, end - start);
            if (isRemoved(NameOf(part)))
            {
                kept ??= new StringBuilder(query, 0, Math.Max(0, start - 1), query.Length);
            }
            else if (kept is not null)
            {
                if (kept.Length > 0)
                {
                    kept.Append(query[start - 1]);
                }
                kept.Append(part);
            }
            start = end + 1;
        }
        return kept is null ? query : kept.Length == 0 ? null : kept.ToString();
    }

    /// <summary>The decoded values of every parameter with that name (lower case, '-', '.' and space written as '_').</summary>
    public static IEnumerable<string> Values(string query, string name)
    {
        for (var start = 0; start <= query.Length;)
        {
            var end = EndOfPart(query, start);
            var part = query[start..end];
            if (NameOf(part) == name)
            {
                var mark = part.IndexOf('=', StringComparison.Ordinal);
                yield return mark < 0 ? "" : Decode(part[(mark + 1)..]);
            }
            start = end + 1;
        }
    }

    private static int EndOfPart(string query, int start) =>
        query.AsSpan(start).IndexOfAny('&', ';') is var length and >= 0 ? start + length : query.Length;

    private static string NameOf(ReadOnlySpan<char> part)
    {
        var mark = part.IndexOf('=');
        var name = (mark < 0 ? part : part[..mark]).ToString();
        // PHP reads a[b]=1 and ' a=1' as a, and a.b and 'a b' as a_b; all count as the plain name.
        var decoded = Decode(name).Trim();
        var bracket = decoded.IndexOf('[', StringComparison.Ordinal);
        return (bracket > 0 ? decoded[..bracket] : decoded).ToLower(CultureInfo.InvariantCulture).Replace('-', '_').Replace('.', '_').Replace(' ', '_');
    }

    private static string Decode(string text)
    {
        text = text.Replace('+', ' ');
        for (var round = 0; round < MaxDecodeRounds && text.Contains('%', StringComparison.Ordinal); round++)
        {
            text = Uri.UnescapeDataString(text);
        }
        return text;
    }
}
