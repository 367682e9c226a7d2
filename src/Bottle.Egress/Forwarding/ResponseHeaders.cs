using System.Collections.Frozen;
using System.Net.Http.Headers;
using Bottle.Egress.Policy;
using Microsoft.Extensions.Primitives;

namespace Bottle.Egress.Forwarding;

/// <summary>Copies an upstream's headers to the agent: without those of the hop, without an alternative way around egress, and without a reflected credential.</summary>
internal static class ResponseHeaders
{
    private static readonly FrozenSet<string> OfTheHop = new[]
    {
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "trailer", "te", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
        "alt-svc", "close", "http2-settings",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies head and content headers. Throws <see cref="InvalidDataException"/> when they cannot be passed on.</summary>
    public static void Copy(HttpResponseMessage upstream, IHeaderDictionary headers, SecretMask? mask)
    {
        var nominated = upstream.Headers.NonValidated.TryGetValues("Connection", out var connection)
            ? connection.ToString().Split(',', StringSplitOptions.TrimEntries) : null;
        try
        {
            CopyAll(upstream.Headers.NonValidated, headers, mask, nominated);
            CopyAll(upstream.Content.Headers.NonValidated, headers, mask, nominated);
            if (upstream.Headers.NonValidated.Contains("Transfer-Encoding"))
            {
                // The client library obeys Transfer-Encoding and still shows the length.
                headers.Remove("Content-Length");
            }
            else if (headers["Content-Length"] is { Count: > 0 } length && (length.Count > 1 || length[0].AsSpan().ContainsAnyExceptInRange('0', '9')))
            {
                throw new InvalidDataException("the upstream's Content-Length is not one number");
            }
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("the upstream sent a header that cannot be passed on", e);
        }
    }

    /// <summary>Copies trailers, where the client's protocol has them.</summary>
    public static void CopyTrailers(HttpResponseMessage upstream, IHeaderDictionary trailers, SecretMask? mask) =>
        CopyAll(upstream.TrailingHeaders.NonValidated, trailers, mask, null);

    private static void CopyAll(HttpHeadersNonValidated source, IHeaderDictionary target, SecretMask? mask, string[]? nominated)
    {
        foreach (var (name, values) in source)
        {
            if (!OfTheHop.Contains(name) && !(nominated?.Contains(name, StringComparer.OrdinalIgnoreCase) ?? false))
            {
                target[name] = mask is null ? ToValues(values) : Masked(values, mask);
            }
        }
    }

    private static StringValues ToValues(HeaderStringValues values)
    {
        if (values.Count == 1)
        {
            return values.ToString();
        }
        var array = new string[values.Count];
        var i = 0;
        foreach (var value in values)
        {
            array[i++] = value;
        }
        return array;
    }

    private static StringValues Masked(HeaderStringValues values, SecretMask mask) =>
        values.Count == 1 ? mask.Apply(values.ToString()) : values.Select(mask.Apply).ToArray();
}
