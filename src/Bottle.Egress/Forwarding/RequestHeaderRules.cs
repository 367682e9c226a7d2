using System.Collections.Frozen;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Forwarding;

/// <summary>Why a request header is not copied to the upstream.</summary>
internal enum HeaderFate
{
    /// <summary>It is copied.</summary>
    Copy,
    /// <summary>It belongs to this hop, to its framing, or to proxies.</summary>
    ThisHop,
    /// <summary>It says who the client is (SPEC F3).</summary>
    Credential,
    /// <summary>It names another target than the request line.</summary>
    Rerouting,
    /// <summary>It names another method than the request line; it is copied when the route allows that method.</summary>
    MethodOverride,
}

/// <summary>What happens to each request header and query parameter on its way up.</summary>
internal static class RequestHeaderRules
{
    private static readonly FrozenDictionary<string, HeaderFate> Fates = new Dictionary<HeaderFate, string>
    {
        [HeaderFate.ThisHop] = "connection keep-alive proxy-connection transfer-encoding upgrade te trailer proxy-authenticate proxy-authorization proxy-authentication-info http2-settings alt-svc close " +
            "host expect content-length x-content-length via",
        [HeaderFate.Credential] = "authorization cookie cookie2 x-api-key api-key apikey private-token job-token x-goog-api-key x-auth-token x-access-token x-gitlab-token ocp-apim-subscription-key x-functions-key " +
            "x-amz-security-token x-goog-iam-authorization-token x-authorization x-github-token x-vault-token",
        [HeaderFate.Rerouting] = "forwarded x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-prefix x-forwarded-server x-forwarded-scheme x-forwarded-path x-forwarded-uri " +
            "x-original-url x-original-uri x-original-host x-rewrite-url x-host x-http-host-override x-real-ip x-pipelock-agent",
        [HeaderFate.MethodOverride] = string.Join(' ', Contracts.Routes.MethodOverride.Headers),
    }.SelectMany(pair => pair.Value.Split(' ').Select(name => (name, pair.Key))).ToFrozenDictionary(p => p.name, p => p.Key, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> CredentialParameters =
        new[] { "key", "access_token", "api_key", "apikey", "private_token", "job_token", "oauth_token", "auth_token" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What happens to a header; '_' counts as '-', because CGI-like servers cannot tell them apart.</summary>
    public static HeaderFate Of(string name) =>
        Fates.GetValueOrDefault(name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name);

    /// <summary>Whether two header names are the same to a server.</summary>
    public static bool IsSame(string name, string other) => name.Replace('_', '-').Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The query to forward: without the client's credentials, unless the route lets them pass.</summary>
    public static string? FilterQuery(string? query, Route route) =>
        query is null || route.ClientAuthPasses ? query : QueryText.Without(query, CredentialParameters.Contains);
}
