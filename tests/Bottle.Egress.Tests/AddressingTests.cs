using System.Net;
using System.Net.Security;
using System.Text;

namespace Bottle.Egress.Tests;

/// <summary>Who is being addressed: attacks 1 to 8.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class AddressingTests
{
    private const string Table = """
          - {host: api.demo.test, methods: ["any"], auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
          - {host: other.demo.test, methods: ["any"], ports: [443, 8443]}
          - {host: "*.wild.demo.test"}
        """;

    private const string PlainTable = """
          - {host: plain.demo.test, methods: ["any"], ports: [80], inspect: false}
          - {host: other.demo.test, methods: ["any"], ports: [80], inspect: false}
        """;

    [TestCase("api.demo.test:443:80")]
    [TestCase("api.demo.test:0443")]
    [TestCase("api.demo.test:70000")]
    [TestCase("api.demo.test:0")]
    [TestCase("api.demo.test:")]
    [TestCase("api.demo.test")]
    [TestCase(":443")]
    [TestCase("api..demo.test:443")]
    [TestCase("api.demo.test..:443")]
    [TestCase("user@api.demo.test:443")]
    [TestCase("evil.test\\@api.demo.test:443")]
    [TestCase("api.demo.test%00.evil.test:443")]
    [TestCase("b\u00fccher.test:443")]
    [TestCase("127.1:443")]
    [TestCase("0x7f.0.0.1:443")]
    [TestCase("0177.0.0.1:443")]
    [TestCase("2130706433:443")]
    [TestCase("[fe80::1%25eth0]:443")]
    [TestCase("http://api.demo.test:443")]
    [TestCase("/")]
    public async Task A_doubtful_CONNECT_target_is_bad(string target)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        var response = await client.AskAsync($"CONNECT {target} HTTP/1.1\r\n\r\n");
        await egress.AssertRefusedAsync(response, 400, "BTL6010");
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [TestCase("CONNECT api.demo.test:443 HTTP/2.0\r\n\r\n")]
    [TestCase("CONNECT  api.demo.test:443 HTTP/1.1\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nBroken\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nA : b\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nA: b\r\n c\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nA: b\nC: d\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nA: \0\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("CONNECT api.demo.test:443 HTTP/1.1\r\nHost: api.demo.test\r\nHost: api.demo.test\r\n\r\n")]
    public async Task A_malformed_CONNECT_head_is_bad(string head)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync(head), 400, "BTL6010");
    }

    [Test]
    public async Task A_Host_that_is_not_the_CONNECT_target_is_misdirected()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\nHost: other.demo.test:443\r\n\r\n"), 421, "BTL6009");
    }

    [Test]
    public async Task An_endless_CONNECT_head_is_bounded()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\nX: " + new string('a', 20_000)), 431, "BTL6025");
    }

    [TestCase("API.Demo.TEST:443", "api.demo.test")]
    [TestCase("api.demo.test.:443", "api.demo.test.")]
    public async Task Case_and_one_trailing_dot_make_no_difference(string target, string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await client.StartTlsAsync(target, egress.AgentTrust, "api.demo.test");
        var response = await client.AskAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.That(response.Status, Is.EqualTo(200), response.Body);
        Assert.That(egress.Proxy.Targets, Is.EqualTo(new[] { "api.demo.test:443" }));
        Assert.That(egress.Upstream.Requests.Single().Host, Is.EqualTo("api.demo.test"));
    }

    [TestCase("any.wild.demo.test", 200)]
    [TestCase("wild.demo.test", 403)]
    [TestCase("notwild.demo.test", 403)]
    public async Task A_wildcard_leaves_the_apex_out(string host, int status)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        Assert.That((await egress.AskAsync(host, "GET /")).Status, Is.EqualTo(status));
    }

    [TestCase("api.demo.test")]
    [TestCase("other.demo.test")]
    public async Task A_TLS_server_name_that_is_not_the_target_is_misdirected_whatever_Host_says(string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test", serverName: "other.demo.test");
        await egress.AssertRefusedAsync(await client.AskAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), 421, "BTL6009");
    }

    [Test]
    public async Task A_handshake_that_fails_ends_with_its_alert()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        Assert.That((await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\nHost: api.demo.test:443\r\n\r\n")).Status, Is.EqualTo(200));
        await using var tls = new SslStream(client.Stream, leaveInnerStreamOpen: true);
        var failure = await Assert.CatchAsync(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "api.demo.test", ApplicationProtocols = [new SslApplicationProtocol("nothing")] }));
        Assert.That(failure!.ToString(), Does.Contain("alert no application protocol"));
    }

    [Test]
    public async Task A_ClientHello_of_SSL_3_is_answered_by_an_alert()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        Assert.That((await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\nHost: api.demo.test:443\r\n\r\n")).Status, Is.EqualTo(200));
        // A ClientHello of SSL 3, which nobody speaks any more.
        byte[] hello = [3, 0, .. new byte[32], 0, 0, 2, 0, 0x2f, 1, 0];
        await client.SendAsync([22, 3, 0, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello]);
        Assert.That(await client.ReadToEndAsync(), Does.StartWith("\u0015\u0003"));
    }

    [TestCase("other.demo.test")]
    [TestCase("api.demo.test:8443")]
    [TestCase("evil.test")]
    public async Task A_Host_inside_the_tunnel_that_is_not_the_target_is_misdirected(string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        await egress.AssertRefusedAsync(await client.AskAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), 421, "BTL6009");
    }

    [Test]
    public async Task Each_stream_of_HTTP2_is_judged_by_its_own_authority()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient();
        using var first = await client.GetAsync(new Uri("https://api.demo.test/"));
        using var fronted = new HttpRequestMessage(HttpMethod.Get, new Uri("https://api.demo.test/")) { Headers = { Host = "other.demo.test" } };
        using var second = await client.SendAsync(fronted);
        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.MisdirectedRequest)));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1));
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6009");
    }

    [Test]
    public async Task An_absolute_target_inside_the_tunnel_is_bad()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("GET https://api.demo.test/ HTTP/1.1\r\nHost: api.demo.test\r\n\r\n");
        await egress.AssertRefusedAsync(response, 400, "BTL6010");
    }

    [Test]
    public async Task CONNECT_inside_the_tunnel_is_refused()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("CONNECT other.demo.test:443 HTTP/1.1\r\nHost: other.demo.test:443\r\n\r\n");
        Assert.That(response.Status, Is.AnyOf(400, 405));
        Assert.That(egress.Proxy.Targets, Is.Empty);
    }

    // The routes would let both hosts through: only their disagreement is refused.
    [TestCase("GET http://plain.demo.test/ HTTP/1.1", "other.demo.test")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.1", "plain.demo.test:81")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.0", "other.demo.test")]
    [TestCase("POST http://plain.demo.test:80/a?b HTTP/1.1", "evil.test")]
    [TestCase("GET http://evil.test/ HTTP/1.1", "plain.demo.test")]
    [TestCase("GET https://plain.demo.test/ HTTP/1.1", "other.demo.test")]
    public async Task An_absolute_target_that_is_not_the_Host_is_misdirected(string line, string host)
    {
        await using var egress = await EgressHarness.StartAsync(PlainTable);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync($"{line}\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"), 421, "BTL6009");
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [TestCase("https://other.demo.test/", "api.demo.test")]
    [TestCase("https://api.demo.test/", "other.demo.test")]
    [TestCase("https://other.demo.test/", "other.demo.test")]
    [TestCase("https://api.demo.test:8443/", "api.demo.test")]
    [TestCase("http://other.demo.test/", "api.demo.test")]
    public async Task An_absolute_target_inside_the_tunnel_that_names_another_host_is_misdirected(string target, string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        await egress.AssertRefusedAsync(await client.AskAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"), 421, "BTL6009");
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 421);
        Assert.That(((string?)line["host"], (int?)line["port"]), Is.EqualTo(("api.demo.test", 443)), "the record names the tunnel");
    }

    [Test]
    public async Task A_misdirected_absolute_target_on_a_kept_connection_gets_its_answer_after_those_before_it()
    {
        await using var egress = await EgressHarness.StartAsync(PlainTable);
        await using var client = await egress.OpenAsync();
        const string good = "GET http://plain.demo.test/ HTTP/1.1\r\nHost: plain.demo.test\r\n\r\n";
        await client.SendAsync(good + good + "HEAD http://plain.demo.test/ HTTP/1.1\r\nHost: other.demo.test\r\n\r\n" + good);
        Assert.That(((await client.ReadAsync()).Status, (await client.ReadAsync()).Status), Is.EqualTo((200, 200)));
        var head = await RawResponse.ReadLineAsync(client.Stream, "\r\n\r\n", CancellationToken.None);
        Assert.That(head, Does.StartWith("HTTP/1.1 421 ").And.Contain("Connection: close"));
        Assert.That(await RawResponse.ReadLineAsync(client.Stream, "\n", CancellationToken.None), Is.Empty, "HEAD has no body, and the last request no answer");
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("GET http://user@plain.demo.test/ HTTP/1.1\r\nHost: other.demo.test\r\n\r\n")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.1\r\nHost: other..demo.test\r\n\r\n")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.1\r\nHost: other.demo.test\r\nHost: other.demo.test\r\n\r\n")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.1\r\nHost:\r\n\r\n")]
    [TestCase("GET http://plain.demo.test/ HTTP/1.1\r\n\r\n")]
    [TestCase("GET http:// HTTP/1.1\r\nHost: other.demo.test\r\n\r\n")]
    [TestCase("GET ftp://plain.demo.test/ HTTP/1.1\r\nHost: other.demo.test\r\n\r\n")]
    public async Task An_absolute_target_or_a_Host_that_cannot_be_read_is_bad(string request)
    {
        await using var egress = await EgressHarness.StartAsync(PlainTable);
        await using var client = await egress.OpenAsync();
        Assert.That((await client.AskAsync(request)).Status, Is.EqualTo(400));
        Assert.That(await client.IsClosedAsync(), Is.True);
        Assert.That(egress.Proxy.Targets, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6010" && (int?)l["status"] == 400);
    }

    [Test]
    public async Task Https_in_clear_to_the_proxy_is_denied_and_gets_no_credential()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync("GET https://api.demo.test/ HTTP/1.1\r\nHost: api.demo.test\r\n\r\n"), 403, "BTL6003");
    }

    [Test]
    public async Task Plain_http_to_a_host_with_a_credential_gets_neither_a_connection_nor_the_credential()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync("GET http://api.demo.test/ HTTP/1.1\r\nHost: api.demo.test\r\n\r\n"), 403, "BTL6002");
    }

    [Test]
    public async Task A_request_as_if_to_a_server_is_bad()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await egress.AssertRefusedAsync(await client.AskAsync("GET /allowlist HTTP/1.1\r\nHost: _egress.local\r\n\r\n"), 400, "BTL6010");
    }

    [TestCase("SSH-2.0-OpenSSH_9.2\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")]
    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Bytes_that_are_not_TLS_after_CONNECT_end_the_connection(string bytes)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        Assert.That((await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\n\r\n")).Status, Is.EqualTo(200));
        await client.SendAsync(bytes);
        Assert.That(await client.IsClosedAsync(), Is.True);
        Assert.That(egress.Proxy.Targets, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6010" && ((string?)l["reason"])!.Contains("not TLS", StringComparison.Ordinal));
    }

    [Test]
    public async Task HTTP2_in_clear_is_refused()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        Assert.That(await client.IsClosedAsync(), Is.True);
        Assert.That(egress.Proxy.Targets, Is.Empty);
    }
}
