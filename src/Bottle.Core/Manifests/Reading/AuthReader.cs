using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>auth</c> of a route, and the same keys of a provider's credential.</summary>
internal static class AuthReader
{
    private static readonly string[] Keys = ["scheme", "header", "token_ref"];

    private static readonly string[] Schemes = ["Bearer", "token", "Basic", "header"];

    public static AuthManifest? Read(ManifestSource source, YamlNode node)
    {
        if (MapReader.Open(source, node, "'auth'", Keys) is not { } map)
            return null;
        var scheme = ReadScheme(source, map);
        if (!map.Has("token_ref"))
            source.Report(ManifestErrors.MissingKey(map.Where, "'auth'", "token_ref", "token_ref: NAME"));
        var token = map.Node("token_ref") is { } reference ? TokenRefReader.Read(source, reference, map.KeyAt("token_ref")) : null;
        return scheme is { } known && token is not null && ReadHeader(source, map, known.Scheme) is { } header
            ? new AuthManifest { Scheme = known.Scheme, Header = header, Token = token } : null;
    }

    /// <summary>The required key <c>scheme</c>.</summary>
    public static (AuthScheme Scheme, Located<string> At)? ReadScheme(ManifestSource source, MapReader map)
    {
        if (map.RequiredText("scheme", "scheme: Bearer") is not { } text)
            return null;
        AuthScheme? scheme = text.Value switch { "Bearer" => AuthScheme.Bearer, "token" => AuthScheme.Token, "Basic" => AuthScheme.Basic, "header" => AuthScheme.Header, _ => null };
        if (scheme is { } known)
            return (known, text);
        source.Report(ManifestErrors.NotOneOf(text.Where, "'scheme'", text.Value, Schemes));
        return null;
    }

    /// <summary>The header that carries the credential, lower case; the key belongs to <c>scheme: header</c> alone. Null when something was reported.</summary>
    public static string? ReadHeader(ManifestSource source, MapReader map, AuthScheme scheme)
    {
        if (scheme != AuthScheme.Header)
        {
            if (!map.Has("header"))
                return "authorization";
            source.Report(ManifestErrors.BadAuthHeader(map.KeyAt("header"), "'header' belongs to 'scheme: header' alone", "remove 'header', or write 'scheme: header' for a header that holds the value alone"));
            return null;
        }

        if (map.RequiredText("header", "header: x-api-key") is not { } header)
            return null;
        var name = header.Value.ToLowerInvariant();
        if (RouteSyntax.CredentialHeaderProblem(name) is not { } problem)
            return name;
        source.Report(ManifestErrors.BadAuthHeader(header.Where, $"'{Diagnostics.InertText.Excerpt(header.Value)}' cannot carry a credential: {problem}", "write a header such as 'x-api-key'"));
        return null;
    }
}
