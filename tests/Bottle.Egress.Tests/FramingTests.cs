namespace Bottle.Egress.Tests;

/// <summary>What is being asked, head and framing: attacks 10, 11, 13 to 15.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FramingTests
{
    private const string Table = "  - {host: api.demo.test, methods: [GET, POST], inspect: false}";

    [TestCase("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [TestCase("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [TestCase("Content-Length: 5, 5\r\n\r\nhello")]
    [TestCase("Content-Length: 0x5\r\n\r\nhello")]
    [TestCase("Content-Length: -5\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: identity\r\n\r\nhello")]
    [TestCase("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("X: a\r\n b\r\n\r\n")]
    [TestCase("X: a\0b\r\n\r\n")]
    [TestCase("X: a\rY: b\r\n\r\n")]
    [TestCase("X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("Host: api.demo.test\r\n\r\n")]
    [TestCase("Host: evil.test\r\n\r\n")]
    [TestCase("Bad Name: x\r\n\r\n")]
    [TestCase(": x\r\n\r\n")]
    [TestCase("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")]
    public async Task A_request_with_two_readings_is_bad(string rest)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("POST /a HTTP/1.1\r\nHost: api.demo.test\r\n" + rest);
        Assert.That(response.Status, Is.EqualTo(400), response.Head);
        Assert.That(await client.IsClosedAsync(), Is.True);
        Assert.That(egress.Proxy.Targets, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6010" && (int?)l["status"] == 400);
    }

    [TestCase("POST /a HTTP/1.0\r\nHost: api.demo.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [TestCase("GET /a HTTP/1.1\r\n\r\n", 400)]
    [TestCase("GET /a\r\n\r\n", 400)]
    [TestCase("GET /a HTTP/2.0\r\nHost: api.demo.test\r\n\r\n", 505)]
    [TestCase("GET /a HTTP/1.2\r\nHost: api.demo.test\r\n\r\n", 505)]
    [TestCase("GET /a b HTTP/1.1\r\nHost: api.demo.test\r\n\r\n", 400)]
    [TestCase("GET  /a HTTP/1.1\r\nHost: api.demo.test\r\n\r\n", 400)]
    [TestCase("GE\0T /a HTTP/1.1\r\nHost: api.demo.test\r\n\r\n", 400)]
    [TestCase("GET /a HTTP/1.1\nHost: api.demo.test\n\n", 400)]
    public async Task A_broken_request_line_is_bad(string request, int status)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        Assert.That((await client.AskAsync(request)).Status, Is.EqualTo(status));
        Assert.That(egress.Proxy.Targets, Is.Empty);
    }

    [Test]
    public async Task A_signed_length_reaches_the_upstream_in_digits_only_or_not_at_all()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("POST /a HTTP/1.1\r\nHost: api.demo.test\r\nContent-Length: +5\r\n\r\nhello");
        Assert.That(response.Status, Is.AnyOf(200, 400));
        Assert.That(egress.Upstream.Requests, Has.All.Matches<SeenRequest>(r => r!.Body == "hello" && r.Headers.GetValueOrDefault("Content-Length", "5") == "5"));
    }

    [TestCase("5\nhello\r\n0\r\n\r\n")]
    [TestCase("0x5\r\nhello\r\n0\r\n\r\n")]
    [TestCase("-5\r\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhelloX\r\n0\r\n\r\n")]
    [TestCase("fffffffffffffffff\r\nhello")]
    public async Task Bad_chunks_are_bad(string body)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("POST /a HTTP/1.1\r\nHost: api.demo.test\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        Assert.That(response.Status, Is.EqualTo(400), response.Head);
        Assert.That(egress.Upstream.Requests, Is.Empty);
        await egress.Log.FindAsync(l => (int?)l["status"] == 400);
    }

    [Test]
    public async Task Every_request_of_a_kept_connection_is_judged_alone()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: api.demo.test, path_allowlist: [/ok]}");
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        const string rest = " HTTP/1.1\r\nHost: api.demo.test\r\n\r\n";
        await client.SendAsync("GET /ok" + rest + "GET /no" + rest + "GET /ok" + rest + "GET /ok HTTP/1.1\r\nHost: evil.test\r\n\r\n");
        var answers = new[] { await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync() };
        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 200, 403, 200, 421 }));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("X-HTTP-Method-Override: DELETE")]
    [TestCase("X-Http-Method: PUT")]
    [TestCase("x-method-override: patch")]
    [TestCase("X_HTTP_Method_Override: DELETE")]
    public async Task A_method_override_does_not_widen_a_route(string header)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AssertRefusedAsync(await egress.AskAsync("api.demo.test", $"POST /a\n{header}\nContent-Length: 0"), 403, "BTL6014");
    }

    [Test]
    public async Task A_client_that_goes_on_with_a_head_that_was_refused_still_reads_the_answer([Values] bool isTunnel, [Values(100_000, 2_000_000)] int length)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        for (var i = 0; i < 5; i++)
        {
            await using var client = isTunnel ? await egress.OpenTunnelAsync("api.demo.test") : await egress.OpenAsync();
            var answer = await client.AskAsync($"GET {(isTunnel ? "" : "http://api.demo.test")}/ HTTP/1.1\r\nHost: api.demo.test\r\nX: {new string('a', length)}\r\n\r\n");
            Assert.That(answer.Status, Is.EqualTo(431));
        }
    }

    [Test]
    public async Task Headers_are_bounded_in_size_and_number()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /\nX: " + new string('a', 66_000))).Status, Is.EqualTo(431));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /\n" + string.Join('\n', Enumerable.Range(0, 150).Select(i => $"X-{i}: a")))).Status, Is.EqualTo(431));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /" + new string('a', 20_000))).Status, Is.EqualTo(414));
        Assert.That(egress.Proxy.Targets, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6025");
    }

    [TestCase("")]
    [TestCase("CONNECT api.demo.test:443 HT")]
    [TestCase("GET http://api")]
    public async Task A_slow_head_is_cut_off(string start)
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { HeadTimeout = TimeSpan.FromMilliseconds(300) });
        await using var client = await egress.OpenAsync();
        await client.SendAsync(start);
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_slow_handshake_is_cut_off()
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { HeadTimeout = TimeSpan.FromMilliseconds(300) });
        await using var client = await egress.OpenAsync();
        await client.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\n\r\n");
        await client.SendAsync([0x16, 0x03, 0x01]);
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_body_that_stands_still_is_cut_off()
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { StallTimeout = TimeSpan.FromMilliseconds(300) });
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        var response = await client.AskAsync("POST /a HTTP/1.1\r\nHost: api.demo.test\r\nContent-Length: 10\r\n\r\nhello");
        Assert.That((response.Status, response.Code), Is.EqualTo((408, "BTL6024")));
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    [Test]
    public async Task Too_many_connections_are_refused_and_the_others_go_on()
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: s => s with { MaxConnections = 2 });
        await using var first = await egress.OpenTunnelAsync("api.demo.test");
        await using var second = await egress.OpenTunnelAsync("api.demo.test");
        await using (var third = await egress.OpenAsync())
        {
            Assert.That((await third.AskAsync("CONNECT api.demo.test:443 HTTP/1.1\r\n\r\n")).Code, Is.EqualTo("BTL6018"));
        }
        Assert.That((await first.AskAsync("GET / HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200));
        Assert.That(Introspection.ControlClient.CheckHealth(egress.Settings.ControlSocket), Is.Zero, "the operator is not locked out");
    }

    [Test]
    public async Task Certificates_are_minted_at_a_bounded_rate_and_listed_hosts_keep_theirs()
    {
        // On a slow machine the rate would never be reached, so no time passes.
        await using var egress = await EgressHarness.StartAsync(Table, clock: new StoppedClock());
        var refused = 0;
        for (var i = 0; i < 200 && refused == 0; i++)
        {
            await using var client = await egress.OpenAsync();
            refused += (await client.AskAsync($"CONNECT host{i}.evil.test:443 HTTP/1.1\r\n\r\n")).Code == "BTL6018" ? 1 : 0;
        }
        Assert.That(refused, Is.EqualTo(1));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
    }
}
