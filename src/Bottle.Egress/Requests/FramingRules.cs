using Bottle.Contracts.Denials;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Requests;

/// <summary>What Kestrel lets pass and two servers could frame differently, or that asks for another protocol.</summary>
internal static class FramingRules
{
    /// <summary>Null when the request has one framing.</summary>
    public static Refusal? FindRefusal(HttpContext http)
    {
        var headers = http.Request.Headers;
        var encoding = headers.TransferEncoding;
        if (encoding.Count > 0)
        {
            // Kestrel renames the Content-Length of such a request to X-Content-Length.
            var isChunked = encoding.Count == 1 && string.Equals(encoding[0], "chunked", StringComparison.OrdinalIgnoreCase);
            if (!isChunked || headers.ContentLength is not null || headers.ContainsKey("X-Content-Length") || http.Request.Protocol != "HTTP/1.1")
            {
                return new Refusal(DenialCodes.Malformed, "Transfer-Encoding is 'chunked' alone, in HTTP/1.1 and without Content-Length");
            }
        }
        if (headers.Upgrade.Count > 0 && !IsWebSocketUpgrade(http))
        {
            return new Refusal(DenialCodes.Malformed, "the only upgrade is to 'websocket'");
        }
        return null;
    }

    /// <summary>Whether the request opens a WebSocket, by HTTP/1.1 Upgrade or by extended CONNECT (RFC 8441).</summary>
    public static bool IsWebSocket(HttpContext http) => IsExtendedConnect(http) || IsWebSocketUpgrade(http);

    /// <summary>Whether it is an HTTP/2 CONNECT with the protocol websocket.</summary>
    public static bool IsExtendedConnect(HttpContext http) =>
        http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    private static bool IsWebSocketUpgrade(HttpContext http) =>
        http.Request.Headers.Upgrade is { Count: 1 } upgrade && string.Equals(upgrade[0], "websocket", StringComparison.OrdinalIgnoreCase)
        && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
}
