namespace Bottle.GitGate.Pushing;

/// <summary>Where receive-pack keeps what a push brought until its hook says yes.</summary>
/// <param name="ObjectDirectory">The folder of the new objects; empty when the push brought none (it only deletes).</param>
/// <param name="Alternates">The repository's own objects.</param>
internal sealed record Quarantine(string ObjectDirectory, string Alternates)
{
    /// <summary>The variables under which git sees the new objects and may not move refs.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; } = ObjectDirectory.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string>
    {
        ["GIT_OBJECT_DIRECTORY"] = ObjectDirectory,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Alternates,
        ["GIT_QUARANTINE_PATH"] = ObjectDirectory,
    };
}
