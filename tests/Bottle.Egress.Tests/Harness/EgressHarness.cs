using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bottle.Egress.Tests.Harness;

/// <summary>
/// An egress of its own for one test: agent's side on loopback, a stand-in for pipelock behind it, and one upstream that answers for every host of the table. Inspected hosts have a
/// certificate of pipelock's authority, the others one of the operator's roots.
/// </summary>
internal sealed class EgressHarness : IAsyncDisposable
{
    public const string Token = "canary-token-0123456789-abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("egress-test-").FullName;
    private readonly TestAuthority _agentCa = new("egress");
    private readonly TestAuthority _pipelockCa = new("pipelock");
    private readonly TestAuthority _roots = new("roots");
    private readonly ConcurrentDictionary<string, X509Certificate2> _certificates = new();
    private readonly List<IAsyncDisposable> _servers = [];

    public EgressServer Server { get; private set; } = null!;

    public ConnectProxy Proxy { get; } = new();

    public FakeUpstream Upstream { get; private set; } = null!;

    public CapturedLog Log { get; } = new();

    public EgressSettings Settings { get; private set; } = null!;

    public X509Certificate2 AgentTrust => _agentCa.Certificate;

    public TestAuthority PipelockCa => _pipelockCa;

    public TestAuthority Roots => _roots;

    /// <summary>What the file beside the log says was used; null when there is none.</summary>
    public BudgetCounts? KeptBudget => File.Exists(Settings.Budget) ? BudgetFormat.ReadCounts(File.ReadAllBytes(Settings.Budget)) : null;

    /// <summary>Starts with a table (YAML below <c>routes:</c>) whose exact hosts all lead to <see cref="Upstream"/>.</summary>
    public static async Task<EgressHarness> StartAsync(
        string routes, HttpProtocols protocols = HttpProtocols.Http1AndHttp2, Func<EgressSettings, EgressSettings>? change = null, TimeProvider? clock = null, string? budget = null)
    {
        var harness = new EgressHarness();
        harness.WriteRoutes(routes, budget: budget);
        harness.WriteTokens(new Dictionary<string, string> { ["EGRESS_TOKEN_0"] = Token });
        File.WriteAllText(harness.PathOf("ca.pem"), harness._agentCa.Pem);
        File.WriteAllText(harness.PathOf("ca-key.pem"), harness._agentCa.KeyPem);
        File.WriteAllText(harness.PathOf("pipelock-ca.pem"), harness._pipelockCa.Pem);
        File.WriteAllText(harness.PathOf("upstream-roots.pem"), harness._roots.Pem);
        var settings = new EgressSettings
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            ControlSocket = harness.PathOf("control.sock"),
            Routes = harness.PathOf("routes.yaml"),
            Tokens = harness.PathOf("tokens.json"),
            Ca = harness.PathOf("ca.pem"),
            CaKey = harness.PathOf("ca-key.pem"),
            UpstreamProxy = new Authority("127.0.0.1", harness.Proxy.Port),
            UpstreamCa = harness.PathOf("pipelock-ca.pem"),
            UpstreamRoots = harness.PathOf("upstream-roots.pem"),
            Log = harness.PathOf("requests.jsonl"),
        };
        harness.Settings = change?.Invoke(settings) ?? settings;
        await harness.AddUpstreamsAsync(RoutesReader.Read(File.ReadAllText(settings.Routes)).File!, protocols);
        harness.Server = await EgressServer.StartAsync(harness.Settings, harness.Log, clock ?? TimeProvider.System);
        return harness;
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void WriteRoutes(string routes, int generation = 1, string? pipelock = null, string? budget = null)
    {
        var list = (pipelock is null ? "" : $"pipelock: \"{pipelock}\"\n") + (budget is null ? "" : $"budget: {budget}\n") + (routes.Length == 0 ? "routes: []" : "routes:\n" + routes);
        File.WriteAllText(PathOf("routes.yaml"), string.Create(CultureInfo.InvariantCulture, $"version: 1\ngeneration: {generation}\n{list}\n"));
    }

    public void WriteTokens(Dictionary<string, string> tokens) => File.WriteAllBytes(PathOf("tokens.json"), TokenFile.Write(tokens));

    /// <summary>A table with another budget, put in force.</summary>
    public void Extend(string routes, string? budget, int generation = 2)
    {
        WriteRoutes(routes, generation, budget: budget);
        Assert.That(Server.Policy.Reload(), Is.Null);
    }

    /// <summary>Asks as the agent does.</summary>
    public async Task<JsonNode> IntrospectAsync(string what)
    {
        await using var client = await OpenAsync();
        return JsonNode.Parse((await client.AskAsync($"GET http://_egress.local/{what} HTTP/1.1\r\nHost: _egress.local\r\n\r\n")).Body)!;
    }

    public Task<RawClient> OpenAsync() => RawClient.OpenAsync(Server.Endpoint);

    /// <summary>A client inside the intercepted tunnel to a host.</summary>
    public async Task<RawClient> OpenTunnelAsync(string host, int port = 443, string? serverName = null)
    {
        var client = await OpenAsync();
        await client.StartTlsAsync(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), AgentTrust, serverName);
        return client;
    }

    /// <summary>One request in a tunnel of its own; <paramref name="head"/> is the request line and further headers, Host is added.</summary>
    public async Task<RawResponse> AskAsync(string host, string head, string body = "")
    {
        await using var client = await OpenTunnelAsync(host);
        var lines = head.Split('\n', 2);
        var rest = lines.Length > 1 ? lines[1].ReplaceLineEndings("\r\n").TrimEnd() + "\r\n" : "";
        return await client.AskAsync($"{lines[0]} HTTP/1.1\r\nHost: {host}\r\n{rest}\r\n{body}");
    }

    /// <summary>A .NET client as an agent would configure it; by default of the harness's own egress.</summary>
    public HttpClient CreateHttpClient(Version? version = null, IPEndPoint? egress = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(AgentTrust);
        var handler = new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://127.0.0.1:{(egress ?? Server.Endpoint).Port}"),
            UseProxy = true,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { CertificateChainPolicy = policy },
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                SocketBuffers.Bound(socket);
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>From now on a hostile upstream answers for an inspected host, with exactly these bytes; its certificate is in order unless another one is given.</summary>
    public RawUpstream AnswerRaw(string host, string answer, X509Certificate2? certificate = null) =>
        AnswerRaw(host, (stream, cancellation) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation).AsTask(), SslApplicationProtocol.Http11, certificate);

    /// <summary>The same step by step; by HTTP/2 the answer also reads for itself, after the preface.</summary>
    public RawUpstream AnswerRaw(string host, Func<Stream, CancellationToken, Task> answer, SslApplicationProtocol protocol, X509Certificate2? certificate = null)
    {
        var upstream = new RawUpstream(certificate ?? _certificates.GetOrAdd("inspected " + host, _ => _pipelockCa.Sign(host)), answer, protocol);
        _servers.Add(upstream);
        Proxy.Upstreams[host] = upstream.Port;
        return upstream;
    }

    /// <summary>The three things that every refusal must show: what the agent sees, that the outside saw nothing, and that it was recorded.</summary>
    public async Task AssertRefusedAsync(RawResponse response, int status, string code)
    {
        Assert.That((response.Status, response.Code), Is.EqualTo((status, code)), response.Body);
        Assert.That(response.Reason, Is.Not.Empty);
        Assert.That(Proxy.Targets, Is.Empty, "nothing may be dialled");
        Assert.That(Upstream.Requests, Is.Empty, "nothing may arrive");
        var line = await Log.FindAsync(l => (string?)l["code"] == code);
        Assert.That(((int?)line["status"], (string?)line["decision"]), Is.EqualTo((status, (string?)"denied")));
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
        await Proxy.DisposeAsync();
        _agentCa.Dispose();
        _pipelockCa.Dispose();
        _roots.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One server for all hosts; which authority signs depends on whether the table inspects the host, as pipelock would do it.</summary>
    private async Task AddUpstreamsAsync(RoutesFile file, HttpProtocols protocols)
    {
        var isPlain = file.Routes.Count > 0 && file.Routes.All(r => r.Ports.Contains(80));
        Upstream = await FakeUpstream.StartAsync(isPlain ? null : name => _certificates.GetOrAdd(name ?? "unnamed.test", n => (IsInspected(n) ? _pipelockCa : _roots).Sign(n)), protocols);
        _servers.Add(Upstream);
        foreach (var route in file.Routes)
        {
            Proxy.Upstreams[route.Host.Replace("*", "any", StringComparison.Ordinal)] = Upstream.Port;
        }

        bool IsInspected(string name) => file.Routes.FirstOrDefault(r => HostPattern.TryParse(r.Host, out var pattern, out _) && pattern.Matches(name))?.Inspect ?? true;
    }
}
