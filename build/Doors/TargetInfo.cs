namespace Bottle.Build.Doors;

/// <summary>What help is ordered by.</summary>
public enum TargetGroup
{
    /// <summary>What a person types on an ordinary day.</summary>
    Command,
    /// <summary>A step of a launch or of its end.</summary>
    Stage,
    /// <summary>A task of Bottle's own repository.</summary>
    Repository,
}

/// <summary>A target as help and completion show it.</summary>
/// <param name="Name">The target's name, <c>DumpLogs</c>.</param>
/// <param name="Description">One line.</param>
/// <param name="Group">Where help lists it.</param>
/// <param name="Dependencies">The targets that run before it.</param>
/// <param name="Bare">The argument that a bare word means, or null.</param>
/// <param name="Arguments">The arguments that it takes.</param>
public sealed record TargetInfo(string Name, string Description, TargetGroup Group, IReadOnlyList<string> Dependencies, string? Bare, IReadOnlyList<ArgumentDefinition> Arguments)
{
    /// <summary>The target as a verb of door 2.</summary>
    public string Verb => VerbName.Of(Name);
}
