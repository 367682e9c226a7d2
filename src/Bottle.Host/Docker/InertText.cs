using System.Globalization;
using System.Text;

namespace Bottle.Host.Docker;

/// <summary>Makes text that a container wrote harmless to a terminal (SPEC M4): control and format characters are shown by their numbers.</summary>
public static class InertText
{
    /// <summary>One line of text; tabs stay.</summary>
    public static string Of(string line)
    {
        if (!line.Any(IsActive))
            return line;
        var inert = new StringBuilder(line.Length + 16);
        foreach (var c in line)
        {
            if (IsActive(c))
                inert.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                inert.Append(c);
        }
        return inert.ToString();
    }

    // Format characters turn the direction of text around or hide in it.
    private static bool IsActive(char c) => c != '\t'
        && (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
