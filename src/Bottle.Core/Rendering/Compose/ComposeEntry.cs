namespace Bottle.Core.Rendering.Compose;

/// <summary>One line of a mapping: a label, a host's address.</summary>
public sealed record ComposeEntry(string Key, string Value);
