using System.Buffers;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Hosting;

/// <summary>
/// Answers an HTTP/1 request that Kestrel's parser has refused, before Kestrel does. There is no body writer yet, so the head is Kestrel's and the body goes to the connection after it; Kestrel
/// leaves an answer alone that has begun, and closes.
/// </summary>
internal static class EarlyRefusal
{
    /// <summary>Writes the refusal; does nothing when an answer has begun.</summary>
    public static void Write(IFeatureCollection features, Refusal refusal, Authority target)
    {
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        if (response.HasStarted)
        {
            return;
        }
        var method = features.GetRequiredFeature<IHttpRequestFeature>().Method;
        var body = new Denial { Code = refusal.Code, Host = target.Host, Port = target.Port, Method = method, Reason = refusal.Reason }.ToUtf8Json();
        response.StatusCode = refusal.Code.Status;
        response.Headers.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.Connection = "close";
        response.Headers.ContentLength = body.Length;
        // Writes the head into memory and waits for nobody: nothing is registered that would run before it.
        features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync().GetAwaiter().GetResult();
        if (method != "HEAD")
        {
            features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.Write(body);
        }
    }
}
