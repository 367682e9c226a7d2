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
            "x-amz-security-token x-goog-iam-authorization-token x-authorization x-github-token x-vault-token " +
            "x-auth x-auth-key x-auth-email x-auth-user x-api-token x-apikey x-token x-session-token x-user-token x-client-secret x-forwarded-authorization x-original-authorization x-forwarded-access-token " +
            "cf-access-token cf-access-client-id cf-access-client-secret cf-access-jwt-assertion x-nuget-apikey x-shopify-access-token x-consul-token " +
            "remote-user x-remote-user x-forwarded-user x-forwarded-email x-forwarded-preferred-username x-webauth-user",
        [HeaderFate.Rerouting] = "forwarded x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-prefix x-forwarded-server x-forwarded-scheme x-forwarded-path x-forwarded-uri " +
            "x-original-url x-original-uri x-original-host x-rewrite-url x-host x-http-host-override x-real-ip x-pipelock-agent",
        [HeaderFate.MethodOverride] = string.Join(' ', Contracts.Routes.MethodOverride.Headers),
    }.SelectMany(pair => pair.Value.Split(' ').Select(name => (name, pair.Key))).ToFrozenDictionary(p => p.name, p => p.Key, StringComparer.OrdinalIgnoreCase);

    // Not 'sig', 'signature', 'x_amz_signature' or 'jwt': downloads are redirected to URLs that are signed so, by the server and not by the client. Nor x-csrf-token above: without the cookie it says nothing.
    private static readonly FrozenSet<string> CredentialParameters =
        ("key access_token accesstoken api_key apikey api_token apitoken private_token job_token oauth_token auth_token authtoken token auth authorization x_api_key subscription_key session_token user_token " +
            "personal_access_token client_secret").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What happens to a header; '_' counts as '-', because CGI-like servers cannot tell them apart.</summary>
    public static HeaderFate Of(string name) =>
        Fates.GetValueOrDefault(name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name);

    /// <summary>Whether two header names are the same to a server.</summary>
    public static bool IsSame(string name, string other) => name.Replace('_', '-').Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The query to forward: without the client's credentials, unless the route lets them pass.</summary>
    public static string? FilterQuery(string? query, Route route) =>
        query is null || route.ClientAuthPasses ? query : QueryText.Without(query, CredentialParameters.Contains);
}
