using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>One line of the screen out of cells; widths are those of a terminal, where a character may take two cells or none.</summary>
internal sealed class LineBuilder
{
    // A hyphen and five characters.
    private const int IdentityEnd = 6;
    private readonly List<Segment> segments = [];

    /// <summary>How many cells there are so far.</summary>
    public int Used => Segment.CellCount(segments);

    /// <summary>Text as it is.</summary>
    public LineBuilder Text(string text, Style? style = null)
    {
        if (text.Length > 0)
            segments.Add(new Segment(text, style ?? Tones.Plain));
        return this;
    }

    /// <summary>Text in a column of a width and a blank after it; what does not fit is cut, with an ellipsis.</summary>
    public LineBuilder Cell(string text, int width, bool right = false, Style? style = null)
    {
        var cut = Cut(text, width);
        var room = new string(' ', Math.Max(0, width - Width(cut)));
        return Text(right ? room + cut : cut + room, style).Text(" ");
    }

    /// <summary>The line, exactly so wide; with <paramref name="chosen"/> it stands out.</summary>
    public SegmentLine Build(int width, bool chosen = false)
    {
        var line = new List<Segment>();
        var used = 0;
        foreach (var segment in segments)
        {
            var room = width - used;
            if (room <= 0)
                break;
            var fitting = segment.CellCount() <= room ? segment : new Segment(Cut(segment.Text, room), segment.Style);
            line.Add(fitting);
            used += fitting.CellCount();
        }
        if (used < width)
            line.Add(Segment.Padding(width - used));
        return new SegmentLine(chosen ? line.Select(segment => new Segment(segment.Text, Tones.Chosen)) : line);
    }

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The beginning of a text that fits, with an ellipsis when something was cut.</summary>
    public static string Cut(string text, int width) =>
        width <= 0 ? "" : Width(text) <= width ? text : (width == 1 ? "" : Segment.Truncate(new Segment(text), width - 1)?.Text ?? "") + "…";

    /// <summary>A run's identity that fits: its end tells one run of an agent from another, and stays.</summary>
    public static string CutIdentity(string identity, int width) =>
        identity.Length <= width || width <= IdentityEnd + 1 ? identity : $"{identity[..(width - IdentityEnd - 1)]}…{identity[^IdentityEnd..]}";

    /// <summary>A text in pieces that fit; what goes on is indented, so that it never stands where a line of ours begins.</summary>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        var first = true;
        for (var rest = text; ;)
        {
            var room = Math.Max(8, first ? width : width - indent);
            if (Width(rest) <= room)
            {
                yield return first ? rest : new string(' ', indent) + rest;
                yield break;
            }
            var piece = Segment.Truncate(new Segment(rest), room)!.Text;
            // Between words, unless that would leave half a line empty; the blank itself goes with the first piece.
            if (piece.LastIndexOf(' ') is var blank && blank > piece.Length / 2)
                piece = piece[..(blank + 1)];
            yield return first ? piece : new string(' ', indent) + piece;
            (rest, first) = (rest[piece.Length..], false);
        }
    }
}
