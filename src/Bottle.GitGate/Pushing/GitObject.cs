namespace Bottle.GitGate.Pushing;

/// <summary>An object of a push.</summary>
/// <param name="Id">Lower-case hex.</param>
/// <param name="Type"><c>blob</c>, <c>tree</c>, <c>commit</c> or <c>tag</c>.</param>
/// <param name="Size">Bytes of its content.</param>
internal sealed record GitObject(string Id, string Type, long Size);
