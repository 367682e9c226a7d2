namespace Bottle.Contracts.Git;

/// <summary>One command of a push: the ref, the object that the sender believes it has, and the one that it shall have. Ids are lower-case hex; all zeros stand for "none".</summary>
public sealed record RefUpdate(string Old, string New, string Ref)
{
    /// <summary>Whether the ref is new.</summary>
    public bool Creates => IsZero(Old);

    /// <summary>Whether the ref goes away.</summary>
    public bool Deletes => IsZero(New);

    /// <summary>Whether it is a branch.</summary>
    public bool IsBranch => Ref.StartsWith(RefName.Heads, StringComparison.Ordinal);

    /// <summary>Whether it is a tag.</summary>
    public bool IsTag => Ref.StartsWith(RefName.Tags, StringComparison.Ordinal);

    /// <summary>The name as people say it.</summary>
    public string ShortName => IsBranch ? Ref[RefName.Heads.Length..] : IsTag ? Ref[RefName.Tags.Length..] : Ref;

    /// <summary>Reads a line <c>OLD NEW REF</c> as receive-pack gives it to its hooks; null when it is anything else.</summary>
    public static RefUpdate? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var parts = line.Split(' ', 3);
        return parts.Length == 3 && IsId(parts[0]) && IsId(parts[1]) && parts[0].Length == parts[1].Length ? new RefUpdate(parts[0], parts[1], parts[2]) : null;
    }

    private static bool IsZero(string id) => id.All(c => c == '0');

    private static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
