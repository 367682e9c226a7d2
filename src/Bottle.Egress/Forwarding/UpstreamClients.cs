using System.Net;
using System.Net.Security;
using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// The connections through one pipelock: two pools that never mix. Those to inspected hosts are verified by pipelock's authority and nothing else, those to hosts on passthrough by the operator's roots and not pipelock's.
/// What an HTTP/2 server may send before the agent takes it is memory here. So only the first requests of a crowd get a window that is wide enough for a fast download from afar.
/// </summary>
internal sealed class UpstreamClients : IDisposable
{
    private const int MaxResponseHeadKiB = 64;
    private const int WideWindow = 1024 * 1024;
    private const int NarrowWindow = 64 * 1024;

    // 16 MiB for these, and 31 MiB for as many others as are let in.
    private const int MostWide = 16;

    private readonly HttpMessageInvoker[] _inspected;
    private readonly HttpMessageInvoker[] _passthrough;

    static UpstreamClients() =>
        // Windows that grow by themselves end at 16 MiB each, and nothing but a variable of the environment could say otherwise.
        AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

    public UpstreamClients(PipelockConnector connector, TimeSpan patience, TimeProvider clock, SslClientAuthenticationOptions inspected, SslClientAuthenticationOptions passthrough)
    {
        Pipelock = connector.Pipelock;
        Watch = new PipelockWatch(connector.Pulse, patience, clock);
        _inspected = CreateInvokers(inspected);
        _passthrough = CreateInvokers(passthrough);

        HttpMessageInvoker[] CreateInvokers(SslClientAuthenticationOptions tls) =>
            [new HttpMessageInvoker(CreateHandler(connector, tls, WideWindow)), new HttpMessageInvoker(CreateHandler(connector, tls, NarrowWindow))];
    }

    /// <summary>The pipelock.</summary>
    public Authority Pipelock { get; }

    /// <summary>Looks after the requests that are under way.</summary>
    public PipelockWatch Watch { get; }

    /// <summary>Sends by the pool of the route and waits for the head of the answer, for ever if need be.</summary>
    public Task<HttpResponseMessage> SendAsync(Admission admission, HttpRequestMessage message, CancellationToken cancellation) =>
        (admission.Route.Inspect ? _inspected : _passthrough)[admission.Policy.Requests > MostWide ? 1 : 0].SendAsync(message, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var invoker in _inspected.Concat(_passthrough))
        {
            invoker.Dispose();
        }
    }

    private static SocketsHttpHandler CreateHandler(PipelockConnector connector, SslClientAuthenticationOptions tls, int window) => new()
    {
        ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),
        SslOptions = tls,
        // A proxy by environment, redirects, cookies and decompression would each act on their own.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        EnableMultipleHttp2Connections = true,
        InitialHttp2StreamWindowSize = window,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        // Short, because a pooled connection that the upstream has closed meanwhile is a 502.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        MaxResponseHeadersLength = MaxResponseHeadKiB,
        Expect100ContinueTimeout = TimeSpan.Zero,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };
}
