using System.Globalization;

namespace Bottle.Build.Console;

/// <summary>
/// What a person sees of a run: one aligned line a stage, indented lines of progress, colour only on a terminal (NO_COLOR honoured).
/// Data goes to <see cref="Data"/> and nowhere else; with JSON, all else goes to standard error.
/// </summary>
internal sealed class StageConsole
{
    private const int NameWidth = 18;
    private readonly TextWriter log;
    private readonly TextWriter errors;
    private readonly bool colour;
    private readonly Func<string, string> spoken;
    private readonly Lock gate = new();
    private string? note;
    private string? lastProgress;

    internal StageConsole(TextWriter data, TextWriter log, TextWriter errors, bool colour, bool quiet, bool verbose, Func<string, string>? spoken = null)
    {
        Data = data;
        this.log = log;
        this.errors = errors;
        this.colour = colour;
        Quiet = quiet;
        Verbose = verbose;
        this.spoken = spoken ?? (text => text);
    }

    /// <summary>What a consumer of the output reads: never decorated.</summary>
    internal TextWriter Data { get; }

    /// <summary>Whether only data and errors are wanted.</summary>
    internal bool Quiet { get; }

    /// <summary>Whether every stage's progress is wanted.</summary>
    internal bool Verbose { get; }

    /// <summary>Whether colour may be used.</summary>
    internal bool Colour => colour;

    /// <summary>A plain line.</summary>
    internal void Line(string text = "")
    {
        if (Quiet) return;
        lock (gate) log.WriteLine(spoken(text));
    }

    /// <summary>A line that a person must see, however quiet the run.</summary>
    internal void Say(string text)
    {
        lock (gate) log.WriteLine(spoken(text));
    }

    /// <summary>A question, without a line break after it.</summary>
    internal void Ask(string question)
    {
        lock (gate)
        {
            log.Write(question);
            log.Flush();
        }
    }

    /// <summary>What went wrong, on standard error.</summary>
    internal void Error(string text)
    {
        lock (gate) errors.WriteLine(spoken(text));
    }

    /// <summary>A line of progress inside a stage; repeated ones are dropped.</summary>
    internal void Progress(string text)
    {
        lock (gate)
        {
            if (Quiet || text == lastProgress) return;
            lastProgress = text;
            log.WriteLine(Paint($"    {spoken(text)}", "2"));
        }
    }

    /// <summary>What the line of the stage that runs now shall say.</summary>
    internal void Note(string text) => note = text;

    /// <summary>The line of a stage that is done.</summary>
    internal void Done(string stage, TimeSpan took)
    {
        lock (gate)
        {
            if (!Quiet) log.WriteLine($"  {Paint("✓", "32")} {stage.PadRight(NameWidth)}{Seconds(took),8}  {note}".TrimEnd());
            note = lastProgress = null;
        }
    }

    /// <summary>The line of a stage that failed.</summary>
    internal void Failed(string stage, TimeSpan took)
    {
        lock (gate)
        {
            log.WriteLine($"  {Paint("✗", "31")} {stage.PadRight(NameWidth)}{Seconds(took),8}");
            note = lastProgress = null;
        }
    }

    private static string Seconds(TimeSpan took) => took.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private string Paint(string text, string code) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
