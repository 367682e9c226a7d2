namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1101: a manifest that does not begin with front matter.</summary>
    public static Diagnostic NoFrontMatter(SourceSpan where, string subject, bool isEmpty) => new()
    {
        Code = "BTL1101",
        Message = isEmpty ? $"{subject} is empty" : $"{subject} does not begin with front matter",
        Where = where,
        Why = "what a manifest declares stands in YAML between two lines '---' at its top",
        Fix = "write '---' as the first line, then the keys, then '---'",
    };

    /// <summary>BTL1102: front matter that never ends.</summary>
    public static Diagnostic UnterminatedFrontMatter(SourceSpan where, string subject) => new()
    {
        Code = "BTL1102",
        Message = $"the front matter of {subject} has no end",
        Where = where,
        Fix = "write a line '---' below its last key",
    };

    /// <summary>BTL1103: what YAML itself refuses; <paramref name="reason"/> is the parser's.</summary>
    public static Diagnostic YamlSyntax(SourceSpan where, string reason) => new()
    {
        Code = "BTL1103",
        Message = $"this is not YAML: {InertText.Excerpt(Sentence(reason), 200)}",
        Where = where,
        Why = "everything below this place could mean something else than it seems",
        Fix = "close what is open, indent alike, and put values with ':', '#', '[', '{' or '*' in quotes",
    };

    /// <summary>BTL1104: a tab in indentation.</summary>
    public static Diagnostic Tab(SourceSpan where) => new()
    {
        Code = "BTL1104",
        Message = "a tab cannot indent YAML",
        Where = where,
        Why = "how deep a tab indents is not defined",
        Fix = "use spaces",
    };

    /// <summary>BTL1105: an anchor (<c>&amp;x</c>), an alias (<c>*x</c>).</summary>
    public static Diagnostic AnchorOrAlias(SourceSpan where) => new()
    {
        Code = "BTL1105",
        Message = "anchors ('&name') and aliases ('*name') are refused",
        Where = where,
        Why = "few lines with aliases can stand for millions, and a reader does not see what they mean",
        Fix = "write the value out; put text that begins with '&' or '*' in quotes, as in \"*.example.com\"",
    };

    /// <summary>BTL1106: a tag (<c>!x</c>).</summary>
    public static Diagnostic Tag(SourceSpan where) => new()
    {
        Code = "BTL1106",
        Message = "tags ('!name') are refused",
        Where = where,
        Why = "a tag would change a value's type",
        Fix = "leave the tag out; put text that begins with '!' in quotes",
    };

    /// <summary>BTL1107: nesting beyond the limit.</summary>
    public static Diagnostic TooDeep(SourceSpan where, int limit) => new()
    {
        Code = "BTL1107",
        Message = $"this is nested more than {limit} deep",
        Where = where,
        Why = "no key needs it; the rest of the file was not read",
        Fix = "see bottles/README.md for the shape of each key",
    };

    /// <summary>BTL1108: more values than the limit.</summary>
    public static Diagnostic TooManyValues(SourceSpan where, int limit) => new()
    {
        Code = "BTL1108",
        Message = $"there are more than {limit} values in this file",
        Where = where,
        Why = "nobody could read what it allows; the rest of the file was not read",
        Fix = "use a prefix ('/v1/*') or a wildcard ('*.example.com') where many lines say the same",
    };

    /// <summary>BTL1109: a second YAML document, or keys below the end of the front matter.</summary>
    public static Diagnostic SeveralDocuments(SourceSpan where, string subject) => new()
    {
        Code = "BTL1109",
        Message = $"{subject} has more than one YAML document",
        Where = where,
        Why = "what stands below this line would be without effect",
        Fix = "keep one front matter: remove this line, or the keys below it",
    };

    /// <summary>BTL1110: a key that stands twice.</summary>
    public static Diagnostic DuplicateKey(SourceSpan where, string key, int firstLine) => new()
    {
        Code = "BTL1110",
        Message = $"the key '{InertText.Excerpt(key)}' stands here a second time; the first is on line {firstLine}",
        Where = where,
        Why = "one of the two would be silently without effect",
        Fix = "put both into one",
    };

    /// <summary>BTL1111: a character in front matter that cannot be seen, or that reorders what is seen.</summary>
    public static Diagnostic UnreadableCharacter(SourceSpan where, char character) => new()
    {
        Code = "BTL1111",
        Message = $"the character U+{(int)character:X4} cannot stand in front matter",
        Where = where,
        Why = "it is invisible, moves what stands beside it, or breaks lines for some readers only",
        Fix = "remove it; end lines with LF or CR LF",
    };

    // The parser's messages begin with a capital letter and end with a full stop.
    private static string Sentence(string reason) => reason.Length == 0 ? "no reason given" : char.ToLowerInvariant(reason[0]) + reason[1..].TrimEnd('.');
}
