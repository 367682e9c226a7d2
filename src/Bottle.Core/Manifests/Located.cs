using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>A value and the place where a person wrote it.</summary>
public sealed record Located<T>(T Value, SourceSpan Where);
