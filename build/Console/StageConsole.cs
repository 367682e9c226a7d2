using System.Globalization;

namespace Bottle.Build.Console;

/// <summary>How a console behaves.</summary>
/// <param name="Colour">Whether colour may be used (NO_COLOR is honoured).</param>
/// <param name="Quiet">Whether only data and errors are wanted.</param>
/// <param name="Verbose">Whether every stage's progress is wanted.</param>
/// <param name="IsTerminal">Whether a person watches, so that a progress display makes sense.</param>
/// <param name="SaysStarts">Whether a stage's begin is said too.</param>
internal sealed record ConsoleStyle(bool Colour = false, bool Quiet = false, bool Verbose = false, bool IsTerminal = false, bool SaysStarts = false);

/// <summary>
/// What a person sees of a run: one aligned line a stage, indented lines of progress, in the graph's order also where stages run side by side.
/// Data goes to <see cref="Data"/> and nowhere else; with JSON, all else goes to standard error.
/// </summary>
internal sealed class StageConsole : IDisposable
{
    private const int NameWidth = 18;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);
    private readonly AsyncLocal<StageOutput?> current = new();
    private readonly List<StageOutput> open = [];
    private readonly TextWriter log;
    private readonly TextWriter errors;
    private readonly Func<string, string> spoken;
    private readonly ConsoleStyle style;
    private readonly ProgressDisplay? display;
    private readonly Timer? clock;
    private readonly Lock gate = new();
    private int handedOver;

    internal StageConsole(SurvivingWriter data, TextWriter log, TextWriter errors, ConsoleStyle style, Func<string, string>? spoken = null)
    {
        Data = data;
        this.log = log;
        this.errors = errors;
        this.style = style;
        this.spoken = spoken ?? (text => text);
        if (style is not { IsTerminal: true, Quiet: false }) return;
        display = new ProgressDisplay(log);
        clock = new Timer(_ => Draw(), null, Frame, Frame);
    }

    /// <summary>What a consumer of the output reads: never decorated.</summary>
    internal SurvivingWriter Data { get; }

    /// <summary>Whether every stage's progress is wanted.</summary>
    internal bool Verbose => style.Verbose;

    /// <summary>Whether colour may be used.</summary>
    internal bool Colour => style.Colour;

    /// <summary>Opens a stage's place in the output; stages are opened in the graph's order.</summary>
    internal StageOutput Open(string stage)
    {
        var output = new StageOutput(stage);
        lock (gate) open.Add(output);
        return output;
    }

    /// <summary>From here on, what this flow of execution says belongs to a stage.</summary>
    internal void Enter(StageOutput? output) => current.Value = output;

    /// <summary>A plain line.</summary>
    internal void Line(string text = "")
    {
        if (!style.Quiet) Write(text);
    }

    /// <summary>A line that a person must see, however quiet the run.</summary>
    internal void Say(string text) => Write(text);

    /// <summary>A question, without a line break after it.</summary>
    internal void Ask(string question)
    {
        lock (gate)
        {
            display?.Erase();
            log.Write(question);
            log.Flush();
        }
    }

    /// <summary>What went wrong, on standard error.</summary>
    internal void Error(string text)
    {
        lock (gate)
        {
            display?.Erase();
            errors.WriteLine(spoken(text.TrimEnd('\n')));
        }
    }

    /// <summary>A line of progress inside a stage; repeated ones are dropped.</summary>
    internal void Progress(string text)
    {
        if (style.Quiet) return;
        var output = current.Value;
        if (output is not null)
        {
            if (text == output.LastProgress) return;
            output.LastProgress = text;
        }
        Write(Paint($"    {text}", "2"));
    }

    /// <summary>What the line of the stage that runs now shall say.</summary>
    internal void Note(string text)
    {
        if (current.Value is { } output) output.Note = text;
    }

    /// <summary>That a stage begins, said at once, out of turn among those that run side by side; only where it was asked for.</summary>
    internal void Begun(string stage)
    {
        if (!style.SaysStarts) return;
        lock (gate)
        {
            display?.Erase();
            log.WriteLine($"  ▸ {stage}");
        }
    }

    /// <summary>The line of a stage that is done; quiet runs do without.</summary>
    internal void Done(StageOutput output) => Close(output, Paint("✓", "32"), output.Note, !style.Quiet);

    /// <summary>The line of a stage that had nothing to do.</summary>
    internal void Skipped(StageOutput output) => Close(output, Paint("=", "2"), "up to date", !style.Quiet);

    /// <summary>The line of a stage that failed.</summary>
    internal void Failed(StageOutput output) => Close(output, Paint("✗", "31"), null, true);

    /// <summary>Leaves the terminal to somebody else until the result is disposed.</summary>
    internal IDisposable HandOver()
    {
        lock (gate)
        {
            handedOver++;
            display?.Erase();
            log.Flush();
        }
        return new Returned(this);
    }

    public void Dispose()
    {
        clock?.Dispose();
        lock (gate) display?.Erase();
    }

    private void Close(StageOutput output, string mark, string? note, bool says)
    {
        lock (gate)
        {
            output.IsClosed = true;
            var seconds = output.Clock.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
            if (says) Place(output, $"  {mark} {output.Stage.PadRight(NameWidth)}{seconds,6} s  {note}".TrimEnd());
            while (open is [{ IsClosed: true }, ..])
            {
                open.RemoveAt(0);
                if (open is not [var next, ..]) continue;
                next.Waiting.ForEach(log.WriteLine);
                next.Waiting.Clear();
            }
        }
    }

    private void Write(string text)
    {
        lock (gate) Place(current.Value, spoken(text));
    }

    // The first of the open stages speaks; the others wait for it.
    private void Place(StageOutput? output, string line)
    {
        if (output is not null && open.IndexOf(output) > 0)
        {
            output.Waiting.Add(line);
            return;
        }
        display?.Erase();
        log.WriteLine(line);
    }

    private void Draw()
    {
        lock (gate)
            if (handedOver == 0) display!.Draw(open.Where(stage => !stage.IsClosed));
    }

    private string Paint(string text, string code) => style.Colour ? $"\e[{code}m{text}\e[0m" : text;

    private sealed class Returned(StageConsole console) : IDisposable
    {
        public void Dispose()
        {
            lock (console.gate) console.handedOver--;
        }
    }
}
