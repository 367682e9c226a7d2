using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Connect;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Requests;

/// <summary>
/// Finds out what one request asks of whom, from its raw target and the tunnel it came by; never from Kestrel's decoded path. CONNECT, TLS server name, Host and target must agree.
/// </summary>
internal static class RequestReader
{
    /// <summary>The host of introspection.</summary>
    public const string IntrospectionHost = "_egress.local";

    /// <summary>The request as policy sees it, or why it cannot be read.</summary>
    public static Refusal? TryRead(HttpContext http, string method, out RouteRequest request)
    {
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return http.Features.Get<Tunnel>() is { } tunnel ? ReadInTunnel(http, tunnel, raw, method, out request) : ReadAbsolute(http, raw, method, out request);
    }

    /// <summary>Who is addressed, as far as it can be known, for the log and the refusal.</summary>
    public static Authority FindTarget(HttpContext http) =>
        http.Features.Get<Tunnel>()?.Target ?? (Authority.TryParse(http.Request.Host.Value, 80, out var host, out _) ? host : default);

    private static Refusal? ReadInTunnel(HttpContext http, Tunnel tunnel, string raw, string method, out RouteRequest request)
    {
        request = default;
        if (tunnel.MismatchedServerName is { } name)
        {
            return new Refusal(DenialCodes.AuthorityMismatch, $"the TLS server name {name} is not the CONNECT target {tunnel.Target}");
        }
        if (raw.Length == 0 || raw[0] != '/')
        {
            return RouteRequest.TryParse(method, raw, out var asked, out _) && asked.Authority != tunnel.Target
                ? new Refusal(DenialCodes.AuthorityMismatch, $"the target {asked.Authority} is not the CONNECT target {tunnel.Target}")
                : new Refusal(DenialCodes.Malformed, "inside a tunnel the request target is a path");
        }
        if (!Authority.TryParse(http.Request.Host.Value, tunnel.Scheme.DefaultPort(), out var host, out var problem))
        {
            return new Refusal(DenialCodes.Malformed, "Host: " + problem);
        }
        if (host != tunnel.Target)
        {
            return new Refusal(DenialCodes.AuthorityMismatch, $"Host {host} is not the CONNECT target {tunnel.Target}");
        }
        return RouteRequest.TryParse(tunnel.Scheme, host, method, raw, out request, out problem) ? null : new Refusal(DenialCodes.Malformed, problem);
    }

    private static Refusal? ReadAbsolute(HttpContext http, string raw, string method, out RouteRequest request)
    {
        if (raw.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            request = default;
            return new Refusal(DenialCodes.SchemeNotPossible, "https:// goes through CONNECT, never in clear to the proxy");
        }
        if (!raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            request = default;
            return new Refusal(DenialCodes.Malformed, "this is a forward proxy: use CONNECT, or an absolute http:// target");
        }
        if (!RouteRequest.TryParse(method, raw, out request, out var problem))
        {
            return new Refusal(DenialCodes.Malformed, problem);
        }
        if (!Authority.TryParse(http.Request.Host.Value, 80, out var host, out problem))
        {
            return new Refusal(DenialCodes.Malformed, "Host: " + problem);
        }
        return host == request.Authority ? null : new Refusal(DenialCodes.AuthorityMismatch, $"Host {host} is not the target {request.Authority}");
    }
}
