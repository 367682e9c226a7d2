using System.Globalization;
using System.Text;

namespace Bottle.Supervise.Mcp;

/// <summary>
/// Escapes in JSON texts that stand for half a character (<c>\ud83d</c> alone): a model's client that cuts a text in the middle of an emoji sends them. The SDK fails on them with an error that says nothing; they become U+FFFD,
/// which is what every other reader makes of them.
/// </summary>
internal static class WholeText
{
    private const int Escape = 6;
    private static readonly byte[] Replacement = "fffd"u8.ToArray();

    /// <summary>Mends a JSON document in place; its length stays.</summary>
    public static void Mend(Span<byte> json)
    {
        for (var at = 0; at + 1 < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                continue;
            }
            var half = Half(json[at..]);
            if (half is null)
            {
                // Whatever is escaped is no escape itself.
                at++;
            }
            else if (char.IsHighSurrogate(half.Value) && at + Escape < json.Length && Half(json[(at + Escape)..]) is { } low && char.IsLowSurrogate(low))
            {
                at += (2 * Escape) - 1;
            }
            else
            {
                Replacement.CopyTo(json[(at + 2)..]);
                at += Escape - 1;
            }
        }
    }

    /// <summary>The half of a surrogate pair that begins here as an escape; null for everything else.</summary>
    private static char? Half(ReadOnlySpan<byte> json) =>
        json.Length >= Escape && json[0] == '\\' && json[1] == 'u' && ushort.TryParse(Encoding.ASCII.GetString(json[2..Escape]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && char.IsSurrogate((char)code) ? (char)code : null;
}
