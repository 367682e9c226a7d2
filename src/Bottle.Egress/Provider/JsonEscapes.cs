using System.Globalization;
using System.Text;

namespace Bottle.Egress.Provider;

/// <summary>What a string of JSON means.</summary>
internal static class JsonEscapes
{
    /// <summary>The text without its escapes; null when one of them is broken.</summary>
    public static string? Undo(string text) => TryUndo(text, out var plain) ? plain : null;

    /// <summary>The same of a text that may be cut off anywhere: as far as it can be read.</summary>
    public static string UndoBeginning(string text)
    {
        TryUndo(text, out var plain);
        return plain;
    }

    private static bool TryUndo(string text, out string plain)
    {
        plain = text;
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return true;
        }
        var result = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length && TryUndoOne(text, ref at, out var character))
        {
            result.Append(character);
        }
        plain = result.ToString();
        return at == text.Length;
    }

    /// <summary>Moves past one character as it is written; false, without moving, when it is a broken escape.</summary>
    private static bool TryUndoOne(string text, ref int at, out char character)
    {
        character = text[at];
        if (character != '\\')
        {
            at++;
            return true;
        }
        var kind = at + 1 < text.Length ? text[at + 1] : '\0';
        if (kind == 'u' && at + 6 <= text.Length && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            character = (char)code;
            at += 6;
            return true;
        }
        if (!"\"\\/bfnrt".Contains(kind, StringComparison.Ordinal))
        {
            return false;
        }
        character = kind switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => kind };
        at += 2;
        return true;
    }
}
