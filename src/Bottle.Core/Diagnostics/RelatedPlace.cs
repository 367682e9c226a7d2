namespace Bottle.Core.Diagnostics;

/// <summary>A second place of a problem, and what is there: a phrase such as <c>this route allows it</c>.</summary>
public sealed record RelatedPlace(SourceSpan Where, string Message);
