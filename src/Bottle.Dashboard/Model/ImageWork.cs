using System.Collections.Immutable;

namespace Bottle.Dashboard.Model;

/// <summary>How a change of a run's image stands.</summary>
public enum WorkState
{
    /// <summary>Its steps are run, or its run is being ended.</summary>
    UnderWay,

    /// <summary>It is made, and its run has ended.</summary>
    Made,

    /// <summary>It is not made, or its run could not be ended.</summary>
    Failed,
}

/// <summary>A change of a run's image (SPEC K5) that was approved here: what is said of it while it goes on, and what came of it.</summary>
/// <param name="Identity">The run.</param>
/// <param name="Proposal">The question that asked for it.</param>
/// <param name="Began">When it was approved.</param>
public sealed record ImageWork(string Identity, string Proposal, DateTimeOffset Began)
{
    /// <summary>How many lines are kept to be shown.</summary>
    public const int MostLines = 500;

    /// <summary>How it stands.</summary>
    public WorkState State { get; init; }

    /// <summary>When it was done, or given up; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What was said of it, inert, oldest first; the beginning goes when there is too much.</summary>
    public ImmutableList<string> Lines { get; init; } = [];

    /// <summary>The step that is run, or the result, in one line.</summary>
    public string Latest { get; init; } = "";

    /// <summary>The same with more said of it.</summary>
    public ImageWork Say(params ImmutableArray<string> lines)
    {
        var all = Lines.AddRange(lines);
        return this with { Lines = all.RemoveRange(0, Math.Max(0, all.Count - MostLines)) };
    }
}
