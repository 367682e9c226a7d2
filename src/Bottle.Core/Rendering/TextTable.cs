using System.Text;

namespace Bottle.Core.Rendering;

/// <summary>Aligned plain text: rows of cells, each column as wide as its widest cell that fits a terminal, no trailing blanks.</summary>
internal static class TextTable
{
    private const int WidestColumn = 64;

    /// <summary>The rows, each behind <paramref name="indent"/>, separated by two blanks.</summary>
    public static string Format(string indent, IReadOnlyList<string[]> rows)
    {
        var widths = Widths(rows);
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append((indent + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])))).TrimEnd(' ')).Append('\n');
        return text.ToString();
    }

    // One cell that is wider than a terminal moves its own line, not those of all others.
    private static List<int> Widths(IReadOnlyList<string[]> rows)
    {
        var widths = new List<int>();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                if (column == widths.Count)
                    widths.Add(0);
                if (row[column].Length <= WidestColumn)
                    widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        return widths;
    }
}
