using System.Security.Cryptography;
using System.Text;

namespace Bottle.DemoUpstream;

/// <summary>Names a credential without telling it: the first 16 hex digits of its SHA-256.</summary>
internal static class Fingerprint
{
    private static readonly HashSet<string> _credentialHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "private-token", "x-goog-api-key",
    };

    public static bool IsCredentialHeader(string name) => _credentialHeaders.Contains(name);

    /// <summary>The scheme, if there is one, and the fingerprint of what follows it.</summary>
    public static (string? Scheme, string Sha256) OfHeader(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (null, Of(value)) : (value[..space], Of(value[(space + 1)..].Trim()));
    }

    public static string Of(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16];
}
