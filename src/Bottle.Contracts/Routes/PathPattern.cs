using System.Diagnostics.CodeAnalysis;

namespace Bottle.Contracts.Routes;

/// <summary>
/// One entry of <c>path_allowlist</c>: an exact path, or a prefix that ends in <c>/*</c>. <c>/v1/*</c> matches <c>/v1/</c> and all below it, not <c>/v1</c>; <c>/*</c> matches every
/// unambiguous path. Case-sensitive; the query is not matched. It must be written in canonical form.
/// </summary>
public sealed record PathPattern
{
    private PathPattern(string text, bool isPrefix)
    {
        Text = text;
        IsPrefix = isPrefix;
        Literal = isPrefix ? text[..^1] : text;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Whether it ends in <c>/*</c>.</summary>
    public bool IsPrefix { get; }

    /// <summary>The exact path, or the prefix with its last slash.</summary>
    public string Literal { get; }

    /// <summary>Reads a pattern; <paramref name="problem"/> says what to write instead.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PathPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        var isPrefix = text.EndsWith("/*", StringComparison.Ordinal);
        var literal = isPrefix ? text[..^1] : text;
        problem = FindProblem(literal, isPrefix);
        if (problem is not null)
        {
            return false;
        }
        pattern = new PathPattern(text, isPrefix);
        return true;
    }

    /// <summary>Whether the path is meant; never for an ambiguous one.</summary>
    public bool Matches(CanonicalPath path) =>
        path.Ambiguity is null && (IsPrefix ? path.Text.StartsWith(Literal, StringComparison.Ordinal) : path.Text == Literal);

    /// <summary>The pattern as written.</summary>
    public override string ToString() => Text;

    private static string? FindProblem(string literal, bool isPrefix)
    {
        if (literal.Contains('*', StringComparison.Ordinal))
        {
            return "'*' is only possible at the end, after a slash, as in '/v1/*'";
        }
        if (literal.Contains('?', StringComparison.Ordinal))
        {
            return "the query is not matched; leave out everything from '?' on";
        }
        if (!CanonicalPath.TryParse(literal, out var canonical, out var problem))
        {
            return problem;
        }
        if (canonical.Ambiguity is { } ambiguity)
        {
            return $"{ambiguity}, so no request could ever match it";
        }
        return canonical.Text == literal ? null : $"write it in its canonical form: '{canonical.Text}{(isPrefix ? "*" : "")}'";
    }
}
