namespace Bottle.Build.Doors;

/// <summary>What starts a door in a process of its own.</summary>
/// <param name="Program">The program's full path.</param>
/// <param name="Words">Its arguments.</param>
/// <param name="Folder">Where it is started.</param>
public sealed record DoorCommand(string Program, IReadOnlyList<string> Words, string Folder);
