using System.Globalization;
using System.Text;

namespace Bottle.Core.Diagnostics;

/// <summary>A diagnostic for people: the message, the source line with carets below what is meant, why, and how to mend it (ARCHITECTURE.md, Diagnostics). LF line ends, a final line break.</summary>
public static class DiagnosticText
{
    private const int WidestSource = 140;
    private const string Reset = "\u001b[0m";

    /// <summary>Renders all, with an empty line between; <paramref name="source"/> gives a file's whole text by the name in its diagnostic, or null.</summary>
    public static string Render(IEnumerable<Diagnostic> diagnostics, Func<string, string?> source, bool colour = false) =>
        string.Join('\n', diagnostics.Select(d => Render(d, source, colour)));

    /// <summary>Renders one; text that others wrote cannot steer the terminal.</summary>
    public static string Render(Diagnostic diagnostic, Func<string, string?> source, bool colour = false)
    {
        var text = new StringBuilder();
        var word = diagnostic.Severity.ToString().ToLowerInvariant();
        text.Append(Painted($"{word} {diagnostic.Code}", diagnostic.Severity, colour)).Append(": ").Append(InertText.Line(diagnostic.Message)).Append('\n');
        var margin = "  ";
        if (diagnostic.Where is { } where)
        {
            margin = Margin(where);
            text.Append(margin.AsSpan(1)).Append("--> ").Append(InertText.Line(where.ToString())).Append('\n');
            if (source(where.File) is { } whole && LineOf(whole, where.Line) is { } line)
                AppendSource(text, line, where, diagnostic, colour);
        }

        if (diagnostic.Related is { } related)
        {
            text.Append(Margin(related.Where).AsSpan(1)).Append("::: ").Append(InertText.Line($"{related.Where}: {related.Message}")).Append('\n');
            if (source(related.Where.File) is { } whole && LineOf(whole, related.Where.Line) is { } line)
                AppendSource(text, line, related.Where, diagnostic, colour);
        }

        AppendNote(text, margin, "why", diagnostic.Why);
        AppendNote(text, margin, "fix", diagnostic.Fix);
        return text.ToString();
    }

    private static string Margin(SourceSpan where) => new(' ', where.Line.ToString(CultureInfo.InvariantCulture).Length + 2);

    private static void AppendSource(StringBuilder text, string line, SourceSpan where, Diagnostic diagnostic, bool colour)
    {
        var column = Math.Clamp(where.Column, 1, line.Length + 1) - 1;
        var end = Math.Max(column + 1, Math.Min(line.Length, column + Math.Max(1, where.Length)));
        var (shown, after) = diagnostic.HidesValue && end < line.Length ? (line[..end], " … (not shown)") : (line, "");
        // Of a long line what surrounds the place is shown: at most a third of the width before it.
        var start = shown.Length <= WidestSource ? 0 : Math.Max(0, Math.Min(column - (WidestSource / 3), shown.Length - WidestSource));
        var before = start > 0 ? "…" : "";
        if (shown.Length - start > WidestSource)
            (shown, after) = (shown[..(start + WidestSource)], "…");
        var number = where.Line.ToString(CultureInfo.InvariantCulture);
        var margin = new string(' ', number.Length + 2);
        var carets = new string('^', Math.Max(1, Math.Min(end, shown.Length) - column));
        text.Append(margin).Append("|\n");
        text.Append($" {number} | {before}{InertText.Line(shown[start..])}{after}".TrimEnd()).Append('\n');
        text.Append(margin).Append("| ").Append(' ', column - start + before.Length).Append(Painted(carets, diagnostic.Severity, colour)).Append('\n');
    }

    private static void AppendNote(StringBuilder text, string margin, string word, string? note)
    {
        if (note is null)
            return;
        var lines = InertText.Block(note).Split('\n');
        text.Append(margin).Append("= ").Append(word).Append(": ").Append(lines[0]).Append('\n');
        foreach (var line in lines.Skip(1))
            text.Append(line.Length == 0 ? "" : margin + "       " + line).Append('\n');
    }

    private static string? LineOf(string source, int number)
    {
        var start = 0;
        for (var line = 1; line < number; line++)
        {
            var end = source.IndexOf('\n', start);
            if (end < 0)
                return null;
            start = end + 1;
        }

        var stop = source.IndexOf('\n', start);
        return source[start..(stop < 0 ? source.Length : stop)].TrimEnd('\r').TrimStart('\ufeff');
    }

    private static string Painted(string text, Severity severity, bool colour) => !colour ? text : severity switch
    {
        Severity.Error => $"\u001b[1;31m{text}{Reset}",
        Severity.Warning => $"\u001b[1;33m{text}{Reset}",
        _ => $"\u001b[1;36m{text}{Reset}",
    };
}
