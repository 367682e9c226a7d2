using Bottle.Core.Manifests;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL204x: what <c>expect</c> says and the routes do not hold (SPEC A11).</summary>
public static class ExpectationErrors
{
    /// <summary>BTL2041: a request that must be allowed is denied; <paramref name="nearest"/> is the route that came nearest.</summary>
    public static Diagnostic NotAllowed(ExpectationManifest expectation, string reason, SourceSpan? nearest) => new()
    {
        Code = "BTL2041",
        Message = $"'{InertText.Excerpt(expectation.Text)}' must be allowed, and is denied: {InertText.Line(reason)}",
        Where = expectation.Where,
        Related = nearest is null ? null : new RelatedPlace(nearest, "this route comes nearest"),
        Why = "'expect' is checked by the matcher that egress uses",
        Fix = $"run --target=Explain --url='{InertText.Line(expectation.Text)}' to see the route that would allow it, or remove the line",
    };

    /// <summary>BTL2042: a request that must be denied is allowed; <paramref name="route"/> is the place of the route that allows it.</summary>
    public static Diagnostic NotDenied(ExpectationManifest expectation, string host, SourceSpan? route) => new()
    {
        Code = "BTL2042",
        Message = $"'{InertText.Excerpt(expectation.Text)}' must be denied, and the route for '{host}' allows it",
        Where = expectation.Where,
        Related = route is null ? null : new RelatedPlace(route, "this route allows it"),
        Why = "'expect' is checked by the matcher that egress uses",
        Fix = "narrow the route (methods, path_allowlist), or remove the line",
    };

    /// <summary>BTL2043: a host that perhaps a preset brings, on a machine that does not know the preset's hosts.</summary>
    public static Diagnostic CannotTell(ExpectationManifest expectation) => new()
    {
        Code = "BTL2043",
        Severity = Severity.Warning,
        Message = $"whether '{InertText.Excerpt(expectation.Text)}' is allowed cannot be told here",
        Where = expectation.Where,
        Why = "the hosts of a preset are those of your client's configuration, which is not read here",
        Fix = "see it with --target=Plan on the machine that starts the bottle",
    };
}
