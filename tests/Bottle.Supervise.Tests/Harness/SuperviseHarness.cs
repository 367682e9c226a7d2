using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bottle.Supervise.Hosting;
using ModelContextProtocol.Client;

namespace Bottle.Supervise.Tests.Harness;

/// <summary>A server of its own for one test, on loopback, with an operator's side and an egress.</summary>
internal sealed class SuperviseHarness : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _log = new();
    private readonly SuperviseSettings _settings;
    private readonly TimeProvider _clock;

    private SuperviseHarness(FakeEgress egress, TimeProvider clock, Func<SuperviseSettings, SuperviseSettings>? change)
    {
        (Egress, _clock) = (egress, clock);
        Operator = new QueueSide(_folder.Path);
        var settings = new SuperviseSettings { Listen = new IPEndPoint(IPAddress.Loopback, 0), Queue = _folder.Path, Egress = egress.Address };
        _settings = change?.Invoke(settings) ?? settings;
    }

    public SuperviseServer Server { get; private set; } = null!;

    public FakeEgress Egress { get; }

    public QueueSide Operator { get; }

    public string Log => _log.ToString();

    public Uri Address => new($"http://127.0.0.1:{Server.Endpoint.Port}/mcp");

    public static async Task<SuperviseHarness> StartAsync(TimeProvider? clock = null, Func<SuperviseSettings, SuperviseSettings>? change = null)
    {
        var harness = new SuperviseHarness(await FakeEgress.StartAsync(), clock ?? TimeProvider.System, change);
        await harness.RestartAsync();
        return harness;
    }

    /// <summary>Another server on the same queue, as after a restart of the container.</summary>
    public async Task RestartAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        Server = await SuperviseServer.StartAsync(_settings, _clock, _log);
    }

    /// <summary>The SDK's client.</summary>
    public Task<McpClient> ConnectAsync(string? version = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Address, TransportMode = HttpTransportMode.StreamableHttp }),
        new McpClientOptions { ProtocolVersion = version });

    /// <summary>One POST as a client would send it; <paramref name="headers"/> replace or remove (null) the usual ones.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, params (string Name, string? Value)[] headers) => PostAsync(new StringContent(body, Encoding.UTF8), CancellationToken.None, headers);

    public async Task<HttpResponseMessage> PostAsync(HttpContent content, CancellationToken cancellationToken, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = content };
        content.Headers.Remove("Content-Type");
        foreach (var (name, value) in new (string, string?)[] { ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream") }.Where(usual => headers.All(h => h.Name != usual.Item1)).Concat(headers))
        {
            if (value is not null && !request.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        using var client = new HttpClient();
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The JSON-RPC message of an answer, of a plain body or of the last event.</summary>
    public static async Task<JsonNode> MessageOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return JsonNode.Parse(text.Split('\n').LastOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?["data: ".Length..] ?? text)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Egress.DisposeAsync();
        _folder.Dispose();
        await _log.DisposeAsync();
    }
}
