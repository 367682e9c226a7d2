using System.Net;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class BasicsTests
{
    private const string Api = """
          - {host: api.demo.test, methods: [GET, POST], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
        """;

    [Test]
    public async Task An_allowed_request_arrives_with_the_routes_own_credential()
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        var response = await egress.AskAsync("api.demo.test", "GET /v1/x?q=1\nAuthorization: Bearer mine\nX-Trace: 7");
        Assert.That((response.Status, response.Body), Is.EqualTo((200, "ok")));
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Method, seen.Target, seen.Host, seen.Headers["X-Trace"]), Is.EqualTo(("GET", "/v1/x?q=1", "api.demo.test", "7")));
        Assert.That(seen.Headers["Authorization"], Is.EqualTo("Bearer " + EgressHarness.Token));
        Assert.That(egress.Proxy.Targets, Is.EqualTo(new[] { "api.demo.test:443" }));
        var line = await egress.Log.FindAsync(l => (string?)l["decision"] == "allowed");
        Assert.That(((string?)line["method"], (string?)line["host"], (string?)line["path"], (int?)line["status"], (int?)line["bytes_out"]), Is.EqualTo(("GET", "api.demo.test", "/v1/x", 200, 2)));
        Assert.That(egress.Log.Text, Does.Not.Contain("canary").And.Not.Contain("q=1"));
    }

    [TestCase("1.1", "1.1")]
    [TestCase("1.1", "2.0")]
    [TestCase("2.0", "1.1")]
    [TestCase("2.0", "2.0")]
    public async Task Both_protocols_work_on_both_sides(string towardsAgent, string towardsUpstream)
    {
        var protocols = towardsUpstream == "2.0" ? Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2 : Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1;
        await using var egress = await EgressHarness.StartAsync(Api, protocols);
        using var client = egress.CreateHttpClient(Version.Parse(towardsAgent));
        for (var i = 0; i < 3; i++)
        {
            using var response = await client.PostAsync(new Uri($"https://api.demo.test/v1/{i}"), new StringContent("body " + i));
            Assert.That((response.StatusCode, response.Version.ToString(), await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, towardsAgent, "ok")));
        }
        Assert.That(egress.Upstream.Requests.Select(r => r.Body), Is.EqualTo(new[] { "body 0", "body 1", "body 2" }));
        Assert.That(egress.Upstream.Requests.Select(r => r.Protocol).Distinct(), Is.EqualTo(new[] { towardsUpstream == "2.0" ? "HTTP/2" : "HTTP/1.1" }));
    }

    [TestCase("evil.test", "GET /", 403, "BTL6001")]
    [TestCase("api.demo.test.evil.test", "GET /v1/x", 403, "BTL6001")]
    [TestCase("api.demo.test", "GET /v2/x", 403, "BTL6005")]
    [TestCase("api.demo.test", "DELETE /v1/x", 403, "BTL6004")]
    [TestCase("api.demo.test", "GET /v1/x.git/info/refs?service=git-receive-pack", 403, "BTL6006")]
    [TestCase("10.0.0.1", "GET /", 403, "BTL6015")]
    [TestCase("169.254.169.254", "GET /latest/meta-data", 403, "BTL6015")]
    [TestCase("api.demo.test", "TRACE /v1/x", 405, "BTL6008")]
    public async Task What_no_route_allows_is_refused_inside_TLS(string host, string request, int status, string code)
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        var response = await egress.AskAsync(host, request);
        await egress.AssertRefusedAsync(response, status, code);
    }

    [TestCase("git/2.39.5", "text/plain; charset=utf-8")]
    [TestCase("curl/8", "application/json")]
    public async Task A_refusal_is_plain_text_for_git_which_shows_no_other(string client, string type)
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        var response = await egress.AskAsync("evil.test", $"GET /a.git/info/refs?service=git-upload-pack\nUser-Agent: {client}");
        Assert.That((response.Header("Content-Type"), response.Code), Is.EqualTo((type, "BTL6001")));
    }

    [TestCase(22)]
    [TestCase(25)]
    [TestCase(5432)]
    public async Task A_port_that_no_route_has_is_refused_at_CONNECT(int port)
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        await using var client = await egress.OpenAsync();
        var response = await client.AskAsync($"CONNECT api.demo.test:{port} HTTP/1.1\r\nHost: api.demo.test:{port}\r\n\r\n");
        await egress.AssertRefusedAsync(response, 403, "BTL6002");
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task Plain_http_to_a_route_with_port_80_goes_by_CONNECT_too()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: plain.demo.test, ports: [80], inspect: false}");
        await using var client = await egress.OpenAsync();
        var response = await client.AskAsync("GET http://plain.demo.test/a?b HTTP/1.1\r\nHost: plain.demo.test\r\n\r\n");
        Assert.That((response.Status, response.Body), Is.EqualTo((200, "ok")));
        Assert.That(egress.Proxy.Targets, Is.EqualTo(new[] { "plain.demo.test:80" }));
        Assert.That(egress.Upstream.Requests.Single().Target, Is.EqualTo("/a?b"));
    }

    [Test]
    public async Task Plain_http_inside_a_tunnel_to_port_80_works_as_Nodes_fetch_does_it()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: plain.demo.test, ports: [80], inspect: false}");
        await using var client = await egress.OpenAsync();
        Assert.That((await client.AskAsync("CONNECT plain.demo.test:80 HTTP/1.1\r\nHost: plain.demo.test:80\r\n\r\n")).Status, Is.EqualTo(200));
        var response = await client.AskAsync("GET /a HTTP/1.1\r\nHost: plain.demo.test\r\n\r\n");
        Assert.That((response.Status, response.Body), Is.EqualTo((200, "ok")));
    }

    [Test]
    public async Task The_table_can_be_read_without_a_secret()
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        await using var client = await egress.OpenAsync();
        var response = await client.AskAsync("GET http://_egress.local/allowlist HTTP/1.1\r\nHost: _egress.local\r\n\r\n");
        Assert.That(response.Status, Is.EqualTo(200));
        var route = JsonNode.Parse(response.Body)!["routes"]![0]!;
        Assert.That(((string?)route["host"], (string?)route["auth_scheme"], (string?)route["token_env"], (string?)route["path_allowlist"]![0]),
            Is.EqualTo(("api.demo.test", "Bearer", "EGRESS_TOKEN_0", "/v1/*")));
        Assert.That(response.Body, Does.Not.Contain("canary"));
        Assert.That((await client.AskAsync("POST http://_egress.local/allowlist HTTP/1.1\r\nHost: _egress.local\r\nContent-Length: 0\r\n\r\n")).Code, Is.EqualTo("BTL6020"));
        Assert.That((await client.AskAsync("GET http://_egress.local/tokens HTTP/1.1\r\nHost: _egress.local\r\n\r\n")).Code, Is.EqualTo("BTL6019"));
    }

    [TestCase("https://api.demo.test/v1/x", "GET", "allowed", null)]
    [TestCase("https://api.demo.test/v2", "GET", "denied", "BTL6005")]
    [TestCase("https://evil.test/", "GET", "denied", "BTL6001")]
    [TestCase("nonsense", "GET", "denied", "BTL6010")]
    public async Task Explain_says_what_would_happen_and_why(string url, string method, string decision, string? code)
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        await using var client = await egress.OpenAsync();
        var response = await client.AskAsync($"GET http://_egress.local/explain?url={Uri.EscapeDataString(url)}&method={method} HTTP/1.1\r\nHost: _egress.local\r\n\r\n");
        var answer = JsonNode.Parse(response.Body)!;
        Assert.That(((string?)answer["decision"], (string?)answer["code"]), Is.EqualTo((decision, code)));
        Assert.That(egress.Proxy.Targets, Is.Empty);
    }

    [Test]
    public async Task The_control_socket_answers_healthcheck_and_introspect()
    {
        await using var egress = await EgressHarness.StartAsync(Api);
        Assert.That(Introspection.ControlClient.CheckHealth(egress.Settings.ControlSocket), Is.Zero);
        Assert.That(Introspection.ControlClient.CheckHealth(egress.PathOf("nothing.sock")), Is.EqualTo(1));
    }
}
