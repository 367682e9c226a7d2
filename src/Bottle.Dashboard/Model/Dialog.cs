using System.Collections.Immutable;

namespace Bottle.Dashboard.Model;

/// <summary>What stands before a page and gets the keys.</summary>
public abstract record Dialog
{
    private Dialog() { }

    /// <summary>A text to read.</summary>
    /// <param name="Title">What it is.</param>
    /// <param name="Lines">The text, inert.</param>
    /// <param name="Top">The first line that is shown.</param>
    public sealed record Reader(string Title, ImmutableArray<string> Lines, int Top = 0) : Dialog;

    /// <summary>A text and a question that only <c>y</c> grants.</summary>
    /// <param name="Title">What it is about.</param>
    /// <param name="Lines">The text, inert: what was read is what is done.</param>
    /// <param name="Text">The question.</param>
    /// <param name="OnYes">What is done then.</param>
    /// <param name="Top">The first line that is shown.</param>
    public sealed record Question(string Title, ImmutableArray<string> Lines, string Text, Wish OnYes, int Top = 0) : Dialog;

    /// <summary>How a change of a run's image goes on, or went.</summary>
    /// <param name="Identity">The run.</param>
    /// <param name="Back">How many lines it is scrolled back from the newest.</param>
    public sealed record Work(string Identity, int Back = 0) : Dialog;

    /// <summary>One line to type.</summary>
    /// <param name="Kind">What it is for.</param>
    /// <param name="Label">What is asked.</param>
    /// <param name="Text">What was typed so far.</param>
    public sealed record Entry(EntryKind Kind, string Label, string Text = "") : Dialog
    {
        /// <summary>The run that it is about; empty when it is about none. It stays, whatever is chosen when the line is taken.</summary>
        public string Identity { get; init; } = "";

        /// <summary>The question that it is about; empty when it is about none.</summary>
        public string Proposal { get; init; } = "";
    }
}

/// <summary>What a typed line is for.</summary>
public enum EntryKind
{
    /// <summary>How long a grant lasts.</summary>
    Lease,

    /// <summary>Why a proposal is rejected.</summary>
    Reason,

    /// <summary>More of a budget.</summary>
    Budget,

    /// <summary>Which requests are shown.</summary>
    Filter,

    /// <summary>Which lines of the logs are shown.</summary>
    LogFilter,
}
