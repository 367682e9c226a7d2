namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    // What would be lost if a misspelt key were ignored, where that is worth a word.
    private static readonly Dictionary<string, string> Losses = new(StringComparer.Ordinal)
    {
        ["egress"] = "here it would leave the bottle without any route",
        ["routes"] = "here it would leave the bottle without any route",
        ["path_allowlist"] = "here it would open every path of the host",
        ["methods"] = "here it would leave the route with other methods than you meant",
        ["auth"] = "here it would leave the route without its credential",
        ["inspect"] = "here it would change whether bodies are inspected",
    };

    /// <summary>BTL1201: a value of another type than the key wants.</summary>
    public static Diagnostic WrongType(SourceSpan where, string what, string wanted, string found) => new()
    {
        Code = "BTL1201",
        Message = $"{what} must be {wanted}, and is {found}",
        Where = where,
        Why = "a value is never converted by guessing",
        Fix = found == "nothing" ? $"write {wanted} after it, or remove the key" : $"write {wanted}",
    };

    /// <summary>BTL1202: a key that cannot be left out.</summary>
    public static Diagnostic MissingKey(SourceSpan where, string subject, string key, string example) => new()
    {
        Code = "BTL1202",
        Message = $"{subject} lacks the key '{key}'",
        Where = where,
        Fix = $"add '{example}'",
    };

    /// <summary>BTL1203: a key that does not exist there.</summary>
    public static Diagnostic UnknownKey(SourceSpan where, string subject, string key, IReadOnlyCollection<string> known)
    {
        var near = Nearest.Of(key, known);
        var loss = near is not null && Losses.TryGetValue(near, out var words) ? words + "; " : "";
        return new Diagnostic
        {
            Code = "BTL1203",
            Message = $"unknown key '{InertText.Excerpt(key)}' in {subject}",
            Where = where,
            Why = $"an unknown key is never ignored; {loss}the keys here are: {string.Join(", ", known)}",
            Fix = near is null ? "remove it" : $"rename it to '{near}'",
        };
    }

    /// <summary>BTL1203 for a key of former manifests, with where its content goes now.</summary>
    public static Diagnostic RetiredKey(SourceSpan where, string subject, string key, IReadOnlyCollection<string> known, string fix) => UnknownKey(where, subject, key, known) with { Fix = fix };

    /// <summary>BTL1204: the retired key <c>cred_proxy</c>; <paramref name="recipe"/> is the front matter that replaces it.</summary>
    public static Diagnostic CredProxy(SourceSpan where, string subject, string recipe) => new()
    {
        Code = "BTL1204",
        Message = $"the key 'cred_proxy' of {subject} is retired: egress adds credentials now",
        Where = where,
        Why = "a route and its credential stand together, so that it is seen which paths a credential opens",
        Fix = $"remove 'cred_proxy' and write one route for each of its upstreams:\n{recipe}\nmethods and path_allowlist are required beside auth: narrow them to what the agent needs;\nclients in the bottle call https://HOST/ directly, without a token, in place of http://cred-proxy/…",
    };

    /// <summary>BTL1205: a plain value that YAML readers take for different things.</summary>
    public static Diagnostic AmbiguousScalar(SourceSpan where, string what, string text) => new()
    {
        Code = "BTL1205",
        Message = $"{what} must be text, and {InertText.Excerpt(text)} without quotes is a boolean, a number or nothing to some YAML readers",
        Where = where,
        Why = "a value is never converted by guessing",
        Fix = $"put it in quotes: \"{InertText.Excerpt(text)}\"",
    };

    /// <summary>BTL1206: a value that is none of those possible.</summary>
    public static Diagnostic NotOneOf(SourceSpan where, string what, string value, IReadOnlyCollection<string> possible) => new()
    {
        Code = "BTL1206",
        Message = $"{what} cannot be '{InertText.Excerpt(value)}'",
        Where = where,
        Fix = Nearest.Of(value, possible) is { } near ? $"write '{near}'; possible: {string.Join(", ", possible)}" : $"possible: {string.Join(", ", possible)}",
    };

    /// <summary>BTL1207: a list without items, where that would mean nothing.</summary>
    public static Diagnostic EmptyList(SourceSpan where, string what, string fix) => new()
    {
        Code = "BTL1207",
        Message = $"{what} is an empty list",
        Where = where,
        Why = "it is not clear whether it should allow nothing or everything",
        Fix = fix,
    };
}
