using System.Text;

namespace Bottle.Core.Rendering;

/// <summary>Aligned plain text: rows of cells, each column as wide as its widest cell, no trailing blanks.</summary>
internal static class TextTable
{
    /// <summary>The rows, each behind <paramref name="indent"/>, separated by two blanks.</summary>
    public static string Format(string indent, IReadOnlyList<string[]> rows)
    {
        var columns = rows.Count == 0 ? 0 : rows.Max(r => r.Length);
        var widths = Enumerable.Range(0, columns).Select(c => rows.Max(r => c < r.Length ? r[c].Length : 0)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append((indent + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])))).TrimEnd(' ')).Append('\n');
        return text.ToString();
    }
}
