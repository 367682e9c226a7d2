using System.Globalization;

namespace Bottle.Build.Console;

/// <summary>
/// One line at the foot of a terminal that says what runs and for how long; never in a pipe or a file. It is taken away before any other line is written, and while the
/// terminal belongs to somebody else: a question, or the agent.
/// </summary>
internal sealed class ProgressDisplay
{
    private const string Wheel = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private const int NarrowestTerminal = 20;
    private readonly TextWriter log;
    private int turn;
    private bool isDrawn;

    internal ProgressDisplay(TextWriter log) => this.log = log;

    /// <summary>Draws the stages that run, over what was drawn before.</summary>
    internal void Draw(IEnumerable<StageOutput> running)
    {
        var parts = running.Select(stage =>
            $"{stage.Stage} {stage.Clock.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s{(stage.LastProgress is { } last ? $" {last}" : "")}").ToList();
        if (parts.Count == 0) return;
        var text = $"  {Wheel[turn++ % Wheel.Length]} {string.Join("  ", parts)}";
        var width = Math.Max(NarrowestTerminal, System.Console.WindowWidth) - 1;
        log.Write($"\r\e[2K\e[2m{(text.Length > width ? text[..width] : text)}\e[0m");
        log.Flush();
        isDrawn = true;
    }

    /// <summary>Takes it away.</summary>
    internal void Erase()
    {
        if (!isDrawn) return;
        log.Write("\r\e[2K");
        log.Flush();
        isDrawn = false;
    }
}
