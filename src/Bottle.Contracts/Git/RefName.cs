namespace Bottle.Contracts.Git;

/// <summary>Which names of refs the gate takes: git's own rules, and no component that begins with a dash or a dot, so that a name is never an option of any program.</summary>
public static class RefName
{
    private const int MaximumLength = 200;

    /// <summary>The prefix of branches.</summary>
    public const string Heads = "refs/heads/";

    /// <summary>The prefix of tags.</summary>
    public const string Tags = "refs/tags/";

    /// <summary>Whether a full name (<c>refs/heads/x</c>) is well-formed; says nothing about policy.</summary>
    public static bool IsSafe(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaximumLength
            && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c) || IsFormatting(c) || c is ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\' or '\uFFFD')
            && !name.Contains("..", StringComparison.Ordinal)
            && !name.Contains("@{", StringComparison.Ordinal)
            && !name.EndsWith('.')
            && name.Split('/').All(part => part.Length > 0 && part[0] is not ('-' or '.') && !part.EndsWith(".lock", StringComparison.OrdinalIgnoreCase));
    }

    // Characters that reorder or hide text on a screen have no business in a name that people approve.
    private static bool IsFormatting(char c) => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
