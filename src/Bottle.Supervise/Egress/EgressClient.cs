using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bottle.Supervise.Egress;

/// <summary>Asks egress about its own table (SPEC F5), as any client of the proxy can: in absolute form, <c>GET http://_egress.local/…</c>.</summary>
internal sealed class EgressClient : IDisposable
{
    // 2,000 routes with 500 paths each do not fit, and no person reads as much.
    private const int MaxAnswer = 8 * 1024 * 1024;

    private readonly HttpClient _client;

    /// <summary>A client of the proxy.</summary>
    public EgressClient(Uri proxy, TimeSpan timeout) => _client = new HttpClient(new SocketsHttpHandler
    {
        Proxy = new WebProxy(proxy),
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
    })
    {
        BaseAddress = new Uri("http://_egress.local"),
        Timeout = timeout,
        MaxResponseContentBufferSize = MaxAnswer,
    };

    /// <summary>What egress would do with a request.</summary>
    /// <exception cref="EgressException">Egress does not answer.</exception>
    public Task<Explanation> ExplainAsync(string method, string url, CancellationToken cancellationToken) =>
        GetAsync($"/explain?method={Uri.EscapeDataString(method)}&url={Uri.EscapeDataString(url)}", EgressJson.Default.Explanation, cancellationToken);

    /// <summary>The routes in force.</summary>
    /// <exception cref="EgressException">Egress does not answer.</exception>
    public Task<LiveTable> ListAsync(CancellationToken cancellationToken) => GetAsync("/allowlist", EgressJson.Default.LiveTable, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("the answer is null");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new EgressException(Describe(e), e);
        }
    }

    private static string Describe(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => $"egress answered {(int)status}",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } => "egress cannot be reached",
        JsonException => "egress's answer is not what it should be",
        OperationCanceledException => "egress did not answer in time",
        _ => "egress gave no whole answer",
    };
}
