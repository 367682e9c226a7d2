using System.Globalization;
using System.Text;

namespace Bottle.Core.Diagnostics;

/// <summary>Makes text that others wrote harmless on a terminal: nothing in it can move the cursor, change colours, or reorder what is read.</summary>
public static class InertText
{
    private const char Unknown = '\ufffd';

    /// <summary>One line: every control, bidirectional or otherwise invisible character, also a line break, becomes one visible character, so that columns stay where they were.</summary>
    public static string Line(string text) => text.All(IsHarmless) ? text : Replaced(text, keepLineBreaks: false);

    /// <summary>Several lines: as <see cref="Line"/>, but line feeds stay.</summary>
    public static string Block(string text) => text.All(c => c == '\n' || IsHarmless(c)) ? text : Replaced(text, keepLineBreaks: true);

    /// <summary>At most <paramref name="limit"/> characters, as one line, with an ellipsis when something was cut.</summary>
    public static string Excerpt(string text, int limit = 60) => text.Length <= limit ? Line(text) : Line(text[..(limit - 1)]) + "…";

    /// <summary>Whether a character shows as itself, in its place, on every terminal; half a surrogate pair does not.</summary>
    public static bool IsHarmless(char c) => c is >= ' ' and <= '~' || (c >= '\u00a0' && IsHarmless(CharUnicodeInfo.GetUnicodeCategory(c)));

    private static bool IsHarmless(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Replaced(string text, bool keepLineBreaks)
    {
        var inert = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
                inert.Append(c == '\n' && keepLineBreaks ? c : Visible(c));
            else if (IsHarmless(CharUnicodeInfo.GetUnicodeCategory(text, i)))
                inert.Append(c).Append(text[++i]);
            else // for example the tags block (U+E0000…), which spells invisible ASCII
            {
                inert.Append(Unknown, 2);
                i++;
            }
        }

        return inert.ToString();
    }

    private static char Visible(char c) => c switch
    {
        '\t' => ' ',
        < ' ' => (char)('\u2400' + c), // the Unicode picture of a control character
        '\u007f' => '\u2421',
        _ => IsHarmless(c) ? c : Unknown,
    };
}
