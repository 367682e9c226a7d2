using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>One line of <c>expect.allow</c> or <c>expect.deny</c> (SPEC A11): a request, and whether the routes must allow it.</summary>
public sealed record ExpectationManifest
{
    /// <summary>The line as written: <c>METHOD https://host/path</c>.</summary>
    public required string Text { get; init; }

    /// <summary>True for <c>allow</c>, false for <c>deny</c>.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>The request, read as egress reads one.</summary>
    public required RouteRequest Request { get; init; }

    /// <summary>The place of the line.</summary>
    public required SourceSpan Where { get; init; }
}
