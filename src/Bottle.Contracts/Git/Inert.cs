using System.Globalization;
using System.Text;

namespace Bottle.Contracts.Git;

/// <summary>Makes text of strangers (paths, ref names, an upstream's messages) harmless on a screen: one line, nothing that moves the cursor or reorders text.</summary>
public static class Inert
{
    private const int MaximumLength = 400;

    /// <summary>The text with control and formatting characters written as <c>\u{hex}</c>, cut at 400 characters.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (builder.Length >= MaximumLength)
            {
                return builder.Append('…').ToString();
            }
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                builder.Append(rune.ToString());
            }
        }
        return builder.ToString();
    }
}
