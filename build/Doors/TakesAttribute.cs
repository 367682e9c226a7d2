namespace Bottle.Build.Doors;

/// <summary>
/// The arguments that a target takes, by the names of <see cref="BottleArguments.Known"/>, beside <c>format</c> and the like that all take; the first may stand without its name at door 2.
/// Help and completion show these; a stage has those of a launch or of a teardown, any other target without the attribute shows all.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TakesAttribute(string? first, params string[] others) : Attribute
{
    /// <summary>What a bare word means; null when the target takes none.</summary>
    public string? First { get; } = first;

    /// <summary>Every argument, the first included.</summary>
    public IReadOnlyList<string> Arguments { get; } = first is null ? others : [first, .. others];
}
