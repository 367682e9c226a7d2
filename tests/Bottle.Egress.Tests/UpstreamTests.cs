
namespace Bottle.Egress.Tests;

/// <summary>Upstreams that lie, break or are not who they should be: attack 9, and the traps of the forwarder.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UpstreamTests
{
    private const string Table = """
          - {host: api.demo.test, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
          - {host: pass.demo.test, inspect: false}
        """;

    [TestCase("api.demo.test", "expired")]
    [TestCase("api.demo.test", "wrong name")]
    [TestCase("api.demo.test", "unknown authority")]
    [TestCase("api.demo.test", "the other trust set")]
    [TestCase("pass.demo.test", "expired")]
    [TestCase("pass.demo.test", "wrong name")]
    [TestCase("pass.demo.test", "unknown authority")]
    [TestCase("pass.demo.test", "the other trust set")]
    public async Task A_certificate_that_is_not_in_order_is_a_502_and_nothing_is_sent(string host, string fault)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var stranger = new TestAuthority("stranger");
        var (right, other) = host.StartsWith("pass", StringComparison.Ordinal) ? (egress.Roots, egress.PipelockCa) : (egress.PipelockCa, egress.Roots);
        using var certificate = fault switch
        {
            "expired" => right.Sign(host, DateTimeOffset.UtcNow.AddMinutes(-5)),
            "wrong name" => right.Sign("else.demo.test"),
            "unknown authority" => stranger.Sign(host),
            _ => other.Sign(host),
        };
        var upstream = egress.AnswerRaw(host, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate);
        var response = await egress.AskAsync(host, "GET /");
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")), response.Body);
        Assert.That(response.Reason, Does.Contain("certificate"));
        Assert.That(upstream.Heads, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["decision"] == "failed" && (int?)l["status"] == 502);
    }

    [Test]
    public async Task What_pipelock_refuses_is_refused_with_its_reason()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Proxy.Upstreams.Clear();
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Code), Is.EqualTo((403, "BTL6023")));
        Assert.That(response.Reason, Is.EqualTo("pipelock: CONNECT blocked: domain not in allowlist"));
    }

    [TestCase("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 19\r\n\r\ntunnel dial failed\n")]
    [TestCase("HTTP/1.1 429 Too Many\r\n\r\n")]
    [TestCase("nonsense\r\n\r\n")]
    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\nunasked bytes")]
    public async Task A_pipelock_that_fails_is_a_502(string answer)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Proxy.Upstreams.Clear();
        egress.Proxy.Refusal = answer;
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")), response.Body);
        Assert.That(response.Body, Does.Not.Contain("127.0.0.1"));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n")]
    [TestCase("nonsense\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nBad Name: b\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_that_cannot_be_passed_on_is_a_502(string answer)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", answer);
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")), response.Head);
    }

    [Test]
    public async Task An_oversized_response_head_is_a_502()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", "HTTP/1.1 200 OK\r\nX: " + new string('a', 100_000) + "\r\nContent-Length: 0\r\n\r\n");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(502));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task A_body_that_breaks_off_does_not_look_whole(string answer)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", answer);
        using var client = egress.CreateHttpClient(new Version(1, 1));
        Assert.That(async () => await client.GetStringAsync(new Uri("https://api.demo.test/")), Throws.InstanceOf<HttpRequestException>());
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task What_came_before_a_body_broke_off_reaches_the_agent(string answer)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", answer);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: api.demo.test\r\n\r\n");
        Assert.That(await client.ReadToEndAsync(), Does.EndWith("hello").Or.EndWith("hello\r\n"));
    }

    [Test]
    public async Task Transfer_encoding_wins_over_a_length_and_the_length_goes()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Body, response.Header("content-length")), Is.EqualTo((200, "hello", (string?)null)));
    }

    [Test]
    public async Task Headers_of_the_hop_and_other_ways_round_do_not_reach_the_agent()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.AnswerRaw("api.demo.test", "HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nAlt-Svc: h3=\":443\"\r\nProxy-Authenticate: Basic\r\nX-Keep: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n");
        var head = (await egress.AskAsync("api.demo.test", "GET /")).Head.ToUpperInvariant();
        Assert.That(head, Does.Contain("X-KEEP: 1").And.Contain("SET-COOKIE: A=1").And.Contain("SET-COOKIE: B=2"));
        Assert.That(head, Does.Not.Contain("X-HOP").And.Not.Contain("ALT-SVC").And.Not.Contain("PROXY-AUTHENTICATE"));
    }
}
