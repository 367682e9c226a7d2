namespace Bottle.Core.Rendering;

/// <summary>A file to write: its path relative to the state directory (see <c>StateLayout</c>) and its whole text, LF line ends. Never holds a secret or a key.</summary>
public sealed record RenderedFile(string Path, string Text);
