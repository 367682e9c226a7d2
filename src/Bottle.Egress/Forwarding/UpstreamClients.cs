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

    // 16 MiB for these, and 32 MiB for as many others as are let in.
    private const int MostWide = 16;

    private readonly HttpMessageInvoker[] _inspected;
    private readonly HttpMessageInvoker[] _passthrough;

    private readonly PipelockPulse _pulse;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _clock;

    static UpstreamClients() =>
        // Windows that grow by themselves end at 16 MiB each, and nothing but a variable of the environment could say otherwise.
        AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

    public UpstreamClients(PipelockConnector connector, TimeSpan patience, TimeProvider clock, SslClientAuthenticationOptions inspected, SslClientAuthenticationOptions passthrough)
    {
        Pipelock = connector.Pipelock;
        _pulse = connector.Pulse;
        _patience = patience;
        _clock = clock;
        Watch = new PipelockWatch(_pulse, patience, clock);
        _inspected = CreateInvokers(inspected);
        _passthrough = CreateInvokers(passthrough);

        HttpMessageInvoker[] CreateInvokers(SslClientAuthenticationOptions tls) =>
            [new HttpMessageInvoker(CreateHandler(connector, tls, WideWindow)), new HttpMessageInvoker(CreateHandler(connector, tls, NarrowWindow))];
    }

    /// <summary>The pipelock.</summary>
    public Authority Pipelock { get; }

    /// <summary>Looks after answers whose head has come.</summary>
    public PipelockWatch Watch { get; }

    /// <summary>
    /// Sends by the pool of the route and waits for the head of the answer, for ever if need be; but while nothing comes, pipelock is asked now and then whether it lives. When it twice says nothing,
    /// <paramref name="abandon"/> is cancelled and <see cref="PipelockSilentException"/> thrown.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(Admission admission, HttpRequestMessage message, CancellationTokenSource abandon)
    {
        var invokers = admission.Route.Inspect ? _inspected : _passthrough;
        var answer = invokers[admission.Policy.Requests > MostWide ? 1 : 0].SendAsync(message, abandon.Token);
        while (await IsLateAsync(answer).ConfigureAwait(false))
        {
            if (!await _pulse.IsSilentAsync().ConfigureAwait(false) || answer.IsCompleted)
            {
                continue;
            }
            await abandon.CancelAsync().ConfigureAwait(false);
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new PipelockSilentException();
        }
        return await answer.ConfigureAwait(false);
    }

    private async Task<bool> IsLateAsync(Task answer)
    {
        if (!answer.IsCompleted)
        {
            await answer.WaitAsync(_patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return !answer.IsCompleted;
    }

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
