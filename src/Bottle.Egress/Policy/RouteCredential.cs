using System.Text;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Policy;

/// <summary>A credential ready for the wire. It never prints its value.</summary>
internal sealed class RouteCredential
{
    private RouteCredential(string header, string value)
    {
        Header = header;
        Value = value;
    }

    /// <summary>The header that carries it, lower case.</summary>
    public string Header { get; }

    /// <summary>The header's value.</summary>
    public string Value { get; }

    /// <summary>Null without <paramref name="auth"/>, or when its slot has no value.</summary>
    public static RouteCredential? Create(RouteAuth? auth, IReadOnlyDictionary<string, string> tokens)
    {
        if (auth is null || !tokens.TryGetValue(auth.TokenEnv, out var token))
        {
            return null;
        }
        var value = auth.Scheme switch
        {
            AuthScheme.Bearer => "Bearer " + token,
            AuthScheme.Token => "token " + token,
            AuthScheme.Basic => "Basic " + ToBasic(token),
            _ => token,
        };
        return new RouteCredential(auth.Header, value);
    }

    /// <summary>What of a slot's value must not be seen in an answer.</summary>
    public static IReadOnlyList<string> SecretsOf(RouteAuth auth, string token) => auth.Scheme == AuthScheme.Basic ? BasicSecrets(token) : [token];

    /// <inheritdoc/>
    public override string ToString() => Header + ": [hidden]";

    private static string ToBasic(string token) =>
        token.Contains(':', StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(token)) : token;

    private static string[] BasicSecrets(string token)
    {
        var pair = token;
        if (!token.Contains(':', StringComparison.Ordinal))
        {
            var bytes = new byte[token.Length];
            pair = Convert.TryFromBase64String(token, bytes, out var length) ? Encoding.Latin1.GetString(bytes, 0, length) : token;
        }
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? [token, pair] : [token, pair, pair[(colon + 1)..]];
    }
}
