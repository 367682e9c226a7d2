namespace Bottle.Core.Rendering.Compose;

/// <summary>A variable of a container; without a value Compose takes the one of its own environment (SPEC A5).</summary>
public sealed record ComposeVariable(string Key, string? Value);
