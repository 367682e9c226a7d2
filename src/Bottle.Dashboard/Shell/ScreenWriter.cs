using System.Text;
using Bottle.Dashboard.View;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.Shell;

/// <summary>Makes of a screen what a terminal must be sent: the lines that differ from what stands there, and nothing else.</summary>
public sealed class ScreenWriter(bool colour)
{
    // A terminal that takes a character for narrower than it is taken here would show the rest of what stood there before.
    private const string EraseLine = "\e[2K";
    private readonly List<string> drawn = [];

    /// <summary>The bytes to send, as text; empty when nothing differs.</summary>
    public string Draw(Screen screen)
    {
        var text = new StringBuilder();
        for (var row = 0; row < screen.Lines.Length; row++)
        {
            var line = Render(screen.Lines[row]);
            if (row < drawn.Count && drawn[row] == line)
                continue;
            if (row < drawn.Count)
                drawn[row] = line;
            else
                drawn.Add(line);
            text.Append(Render(writer => writer.CursorPosition(row + 1, 1))).Append(EraseLine).Append(line);
        }
        return text.ToString();
    }

    /// <summary>The terminal's screen is empty: everything is drawn again.</summary>
    public void Forget() => drawn.Clear();

    private string Render(SegmentLine line) => Render(writer =>
    {
        foreach (var segment in line)
        {
            if (segment.Style == Style.Plain)
                writer.Write(segment.Text);
            else
                writer.Style(segment.Style, null).Write(segment.Text).ResetStyle();
        }
    });

    private string Render(Action<AnsiWriter> write)
    {
        using var text = new StringWriter();
        write(new AnsiWriter(text, new AnsiCapabilities { Ansi = true, ColorSystem = colour ? ColorSystem.Standard : ColorSystem.NoColors }));
        return text.ToString();
    }
}
