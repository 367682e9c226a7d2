using System.Globalization;
using System.Text;

namespace Bottle.Host.Docker;

/// <summary>Makes text that a container wrote harmless to a terminal (SPEC M4): control and format characters are shown by their numbers.</summary>
public static class InertText
{
    /// <summary>One line of text; tabs stay.</summary>
    public static string Of(string line)
    {
        if (!line.EnumerateRunes().Any(IsActive))
            return line;
        var inert = new StringBuilder(line.Length + 16);
        foreach (var rune in line.EnumerateRunes())
            inert.Append(IsActive(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}") : rune.ToString());
        return inert.ToString();
    }

    // Format characters turn the direction of text around or hide in it.
    private static bool IsActive(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
