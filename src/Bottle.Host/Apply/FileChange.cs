namespace Bottle.Host.Apply;

/// <summary>A file of the run's state that a change touches.</summary>
/// <param name="Path">Relative to the state folder.</param>
/// <param name="Old">What is in force, null when the file is not there.</param>
/// <param name="New">What shall be, null when the file goes.</param>
public sealed record FileChange(string Path, string? Old, string? New);
