namespace Bottle.Build.Console;

/// <summary>What one stage says: its lines wait here while an earlier stage of the graph still speaks, so that stages that run side by side read as if they ran one after another.</summary>
internal sealed class StageOutput(string stage)
{
    /// <summary>The stage.</summary>
    internal string Stage => stage;

    /// <summary>What its own line shall say at its end.</summary>
    internal string? Note { get; set; }

    /// <summary>The last line of progress: repeated ones are dropped, and the progress display shows it.</summary>
    internal string? LastProgress { get; set; }

    /// <summary>Lines that wait for their turn.</summary>
    internal List<string> Waiting { get; } = [];

    /// <summary>Whether the stage has ended.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>When it began.</summary>
    internal System.Diagnostics.Stopwatch Clock { get; } = System.Diagnostics.Stopwatch.StartNew();
}
