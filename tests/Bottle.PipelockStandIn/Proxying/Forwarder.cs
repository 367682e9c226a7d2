using System.Net;
using System.Net.Sockets;
using Bottle.PipelockStandIn.Policy;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>Sends an inspected request on and its answer back. Trust of upstreams is the system's, which SSL_CERT_FILE names.</summary>
internal sealed class Forwarder : IDisposable
{
    private static readonly HashSet<string> _dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Accept-Encoding", "Expect", "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "X-Pipelock-Agent",
    };

    private readonly HttpMessageInvoker _client;

    public Forwarder(EnforcementInForce inForce)
    {
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, stop) =>
                new NetworkStream(await inForce.Current.Dialler.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop), ownsSocket: true),
        });
    }

    /// <summary>Why the answer may not pass, or null when it has been sent.</summary>
    public async Task<string?> SendAsync(HttpContext context, string scheme, Target target, string path, byte[] body, Enforcement enforcement)
    {
        using var request = Request(context.Request, scheme, target, path, body);
        using var response = await _client.SendAsync(request, context.RequestAborted);
        if (response.Content.Headers.ContentEncoding.Count > 0)
            return "compressed response cannot be scanned";
        var streams = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var content = streams ? [] : await BufferAsync(response, enforcement.Config.MaxResponseBytes, context.RequestAborted);
        if (content is null)
            return "response too large for scanning";

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!_dropped.Contains(name) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                context.Response.Headers.Append(name, values.ToArray());
        }
        if (streams)
        {
            await using var events = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            await StreamAsync(events, context);
        }
        else if (context.Request.Method == "HEAD" || context.Response.StatusCode is 204 or 304)
        {
            context.Response.ContentLength = response.Content.Headers.ContentLength;
        }
        else
        {
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        return null;
    }

    private static HttpRequestMessage Request(HttpRequest incoming, string scheme, Target target, string path, byte[] body)
    {
        // The address goes on as it came: no dot segment is folded, no escape rewritten.
        var address = new Uri($"{scheme}://{target}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), address)
        {
            Version = scheme == "https" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (body.Length > 0 || incoming.ContentLength is not null)
            request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in incoming.Headers)
        {
            if (name.StartsWith(':') || _dropped.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        return request;
    }

    private static async Task<byte[]?> BufferAsync(HttpResponseMessage response, long limit, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, stop)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > limit)
                return null;
        }
        return content.ToArray();
    }

    private static async Task StreamAsync(Stream events, HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await events.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public void Dispose() => _client.Dispose();
}
