namespace Bottle.Build.Doors;

/// <summary>How a person reached the graph: what they type, where they stand, and where Bottle's own files are.</summary>
public abstract class Door
{
    /// <summary>The folder with Bottle's own <c>bottles</c> and the sources of its images, as in a clone. Their programs are published below it.</summary>
    public abstract string Root { get; }

    /// <summary>The folder where the user typed.</summary>
    public abstract string UserDirectory { get; }

    /// <summary>The clone that <c>Test</c>, <c>Bench</c> and their like work on, or null when the user stands in none.</summary>
    public abstract string? Clone { get; }

    /// <summary>The last place where manifests are looked for, or null when <c>./bottles</c> is the last.</summary>
    public virtual string? ShippedBottles => null;

    /// <summary>The words of the command line, for what Cake keeps to itself (<c>--tree</c>).</summary>
    public abstract IReadOnlyList<string> Words { get; }

    /// <summary>A command as it is typed at this door; <paramref name="arguments"/> with their dashes.</summary>
    public abstract string Command(string target, params IEnumerable<string> arguments);

    /// <summary>What starts this door again, in a process of its own; <paramref name="arguments"/> with their dashes.</summary>
    public abstract DoorCommand Again(string target, params IEnumerable<string> arguments);

    /// <summary>A target's name in lists.</summary>
    public abstract string Spelling(TargetInfo target);

    /// <summary>The argument that may be a bare word, as it is typed here.</summary>
    public abstract string Bare(ArgumentDefinition argument);

    /// <summary>What only this door has, as the last lines of its help; begins with a line break, or is empty.</summary>
    public virtual string MoreHelp => "";

    /// <summary>A text for people in which commands are spelt as at door 1, spelt as at this one.</summary>
    public virtual string Spoken(string text) => text;
}
