using System.Net;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;
using Microsoft.Extensions.Primitives;

namespace Bottle.Egress.Forwarding;

/// <summary>Builds the request that goes up: the canonical target, the client's headers without what is not theirs to send, and the route's credential last.</summary>
internal static class UpstreamRequest
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The whole request; <paramref name="body"/> is null when the client sends none.</summary>
    public static HttpRequestMessage Create(HttpContext http, Admission admission, RequestBody? body)
    {
        var message = new HttpRequestMessage(MethodOf(admission.Request.Method), TargetOf(admission))
        {
            Version = admission.IsWebSocket ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = body,
        };
        CopyHeaders(http, admission, message);
        if (body is not null && !IsDecoded(http, admission.Route))
        {
            body.Headers.ContentLength = http.Request.ContentLength;
        }
        if (http.Request.Protocol == "HTTP/2" && http.Request.Headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
        {
            message.Headers.TryAddWithoutValidation("TE", "trailers");
        }
        if (WantsPlainAnswer(admission))
        {
            message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        }
        if (admission.Credential is { } credential)
        {
            message.Headers.TryAddWithoutValidation(credential.Header, credential.Value);
        }
        return message;
    }

    /// <summary>Whether the body is decompressed on its way, so that its length is not the client's.</summary>
    public static bool IsDecoded(HttpContext http, Route route) => IsRead(route) && http.Request.Headers.ContentEncoding.Count > 0;

    /// <summary>Whether somebody reads request bodies of the route: pipelock, or the provider policy.</summary>
    public static bool IsRead(Route route) => route.Inspect || route.Provider is not null;

    /// <summary>Whether the upstream is asked for plain bytes in one piece: pipelock cannot scan others, and neither a reflected credential nor a provider's usage could be found in them.</summary>
    private static bool WantsPlainAnswer(Admission admission) => admission.Route.Inspect || admission.Mask is not null || admission.Route.Provider is not null;

    private static Uri TargetOf(Admission admission)
    {
        var request = admission.Request;
        var query = RequestHeaderRules.FilterQuery(request.Query, admission.Route);
        var authority = request.Authority.ToHeader(request.Scheme);
        return new Uri(query is null
            ? string.Concat(request.Scheme.Text(), "://", authority, request.Path.Text)
            : $"{request.Scheme.Text()}://{authority}{request.Path.Text}?{query}", AsWritten);
    }

    private static void CopyHeaders(HttpContext http, Admission admission, HttpRequestMessage message)
    {
        var connection = http.Request.Headers.Connection;
        var nominated = connection.Count == 0 ? null : connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isDecoded = IsDecoded(http, admission.Route);
        foreach (var (name, value) in http.Request.Headers)
        {
            if (name[0] != ':' && Passes(name, admission, isDecoded) && !(nominated?.Contains(name, StringComparer.OrdinalIgnoreCase) ?? false))
            {
                Add(message, name, value);
            }
        }
    }

    private static bool Passes(string name, Admission admission, bool isDecoded)
    {
        var fate = RequestHeaderRules.Of(name);
        if (fate is HeaderFate.ThisHop or HeaderFate.Rerouting || (fate == HeaderFate.Credential && !admission.Route.ClientAuthPasses))
        {
            return false;
        }
        if (admission.Credential is { } credential && RequestHeaderRules.IsSame(name, credential.Header))
        {
            return false;
        }
        return name.Length switch
        {
            15 when WantsPlainAnswer(admission) => !name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase),
            // Ranges would let a client read a reflected credential in pieces too short to be found.
            5 or 8 when admission.Mask is not null => !name.Equals("Range", StringComparison.OrdinalIgnoreCase) && !name.Equals("If-Range", StringComparison.OrdinalIgnoreCase),
            16 when isDecoded => !name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase),
            // Compressed frames would hide it too.
            24 when admission.Mask is not null => !name.Equals("Sec-WebSocket-Extensions", StringComparison.OrdinalIgnoreCase),
            _ => true,
        };
    }

    private static void Add(HttpRequestMessage message, string name, StringValues value)
    {
        if (value.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
        {
            // HTTP/2 splits cookies, HTTP/1.1 has one line.
            value = string.Join("; ", (IEnumerable<string?>)value);
        }
        var added = value.Count == 1
            ? message.Headers.TryAddWithoutValidation(name, value[0])
            : message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        if (!added)
        {
            // A header of the content, which .NET keeps apart.
            message.Content ??= new ByteArrayContent([]);
            message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }
    }

    private static HttpMethod MethodOf(string method) => method switch
    {
        "GET" => HttpMethod.Get,
        "POST" => HttpMethod.Post,
        "HEAD" => HttpMethod.Head,
        "PUT" => HttpMethod.Put,
        "PATCH" => HttpMethod.Patch,
        "DELETE" => HttpMethod.Delete,
        "OPTIONS" => HttpMethod.Options,
        _ => new HttpMethod(method),
    };
}
