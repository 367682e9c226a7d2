namespace Bottle.Core.Diagnostics;

/// <summary>A place in a file that a person wrote: one-based line and column, and the length that a caret line underlines.</summary>
public sealed record SourceSpan(string File, int Line, int Column, int Length = 1)
{
    /// <summary><c>file:line:column</c>, as editors and terminals link it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
