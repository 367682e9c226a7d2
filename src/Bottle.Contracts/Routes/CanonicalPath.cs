using System.Diagnostics.CodeAnalysis;

namespace Bottle.Contracts.Routes;

/// <summary>
/// The one form of a request path that is matched <b>and</b> forwarded: percent-encoded unreserved characters are decoded (RFC 3986 6.2.2.2), hexadecimal digits are upper case,
/// characters that a path may not hold are encoded. Nothing is resolved: where two servers could read the text differently, <see cref="Ambiguity"/> says so, and no path pattern matches it.
/// </summary>
public readonly record struct CanonicalPath
{
    /// <summary>The longest path that is looked at, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private CanonicalPath(string text, string? ambiguity)
    {
        Text = text;
        Ambiguity = ambiguity;
    }

    /// <summary>The path, from its first slash, without the query.</summary>
    public string Text { get; }

    /// <summary>Why servers could disagree about this path (dot segments, empty segments, encoded separators, …); null when they cannot.</summary>
    public string? Ambiguity { get; }

    /// <summary>Reads a path as it stands in a request line. False, with a reason, for what no server should be sent: control characters, bytes outside ASCII, backslashes, broken escapes.</summary>
    public static bool TryParse(ReadOnlySpan<char> raw, out CanonicalPath path, [NotNullWhen(false)] out string? problem)
    {
        path = default;
        problem = null;
        if (raw.IsEmpty || raw[0] != '/')
        {
            problem = "the path does not start with '/'";
        }
        else if (raw.Length > MaxLength)
        {
            problem = $"the path is longer than {MaxLength} characters";
        }
        if (problem is not null)
        {
            return false;
        }
        var writer = new PathNormalizer(raw.Length <= 512 ? stackalloc char[raw.Length * 3] : new char[raw.Length * 3]);
        if (!writer.TryNormalize(raw, out problem))
        {
            return false;
        }
        path = new CanonicalPath(writer.Written.ToString(), writer.Ambiguity ?? PathSegments.FindAmbiguity(writer.Written));
        return true;
    }

    /// <summary>The canonical text.</summary>
    public override string ToString() => Text;
}
