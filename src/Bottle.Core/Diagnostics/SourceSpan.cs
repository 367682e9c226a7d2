namespace Bottle.Core.Diagnostics;

/// <summary>A place in a file that a person wrote: one-based line and column, and the length that a caret line underlines.</summary>
public sealed record SourceSpan(string File, int Line, int Column, int Length = 1)
{
    /// <summary><c>file:line:column</c>, as editors and terminals link it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";

    /// <summary>Reads what <see cref="ToString"/> wrote; null when the text has no line and column.</summary>
    public static SourceSpan? Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length > 2 && int.TryParse(parts[^2], out var line) && int.TryParse(parts[^1], out var column)
            ? new SourceSpan(string.Join(':', parts[..^2]), line, column)
            : null;
    }
}
