using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Requests;

/// <summary>
/// Finds a request whose absolute target names another host than its Host header. Kestrel's parser calls it malformed before any code of ours runs; it is misdirected, as every other
/// disagreement about the host is.
/// </summary>
internal static class MisdirectedTarget
{
    /// <summary>The refusal (421) with the target that was asked for; null when target or Host cannot be read, or when they agree.</summary>
    public static (Refusal Refusal, Authority Target)? Find(IHttpRequestFeature request)
    {
        // What Kestrel has not got to is null, whatever the interface says.
        if (request.RawTarget is not { Length: > 0 } target || request.Headers.Host is not { Count: 1 } hosts
            || !RouteRequest.TryParse(request.Method ?? "", target, out var asked, out _)
            || !Authority.TryParse(hosts[0], asked.Scheme.DefaultPort(), out var host, out _)
            || host == asked.Authority)
        {
            return null;
        }
        return (new Refusal(DenialCodes.AuthorityMismatch, $"Host {host} is not the target {asked.Authority}"), asked.Authority);
    }
}
