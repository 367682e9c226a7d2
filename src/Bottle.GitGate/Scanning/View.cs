namespace Bottle.GitGate.Scanning;

/// <summary>One way to read an object: as it is, without its NULs (UTF-16), unpacked, or decoded.</summary>
/// <param name="Bytes">The text for the scanner.</param>
/// <param name="Lines">The object's line behind each of the text's lines, both from 1; null when they are the same.</param>
/// <param name="Inside">What was opened to get here (<c>gzip</c>, <c>zip: name</c>, <c>base64</c>); null for the object itself.</param>
internal sealed record View(ReadOnlyMemory<byte> Bytes, IReadOnlyList<int>? Lines = null, string? Inside = null);
