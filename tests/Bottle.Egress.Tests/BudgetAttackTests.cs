using System.Reflection;
using System.Text;
using Bottle.Contracts.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests;

/// <summary>Ways to use more of a run's budget than is counted.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BudgetAttackTests
{
    private const string Table = """
          - {host: model.demo.test, methods: [any], inspect: false, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}, provider: {}}
          - {host: open.demo.test, methods: [any], inspect: false, provider: {}}
          - {host: seen.demo.test, methods: [any], provider: {}}
          - {host: plain.demo.test, methods: [GET, POST], inspect: false}
        """;

    private const string Whole = """{"usage":{"input_tokens":30,"output_tokens":12}}""";

    [TestCase("post")]
    [TestCase("pOsT")]
    public async Task A_method_in_small_letters_is_the_method_that_goes_up(string method)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = AnswerAsync;
        Assert.That((await egress.AskAsync("open.demo.test", $"{method} /v1/messages\nContent-Length: 2", "{}")).Body, Is.EqualTo(Whole));
        Assert.That(egress.Upstream.Requests.Single().Method, Is.EqualTo("POST"));
        Assert.That(await TokensAsync(egress), Is.EqualTo((42, 0)));
        Assert.That((await egress.AskAsync("plain.demo.test", "get /")).Status, Is.EqualTo(200), "and is the one that the route names");
        Assert.That((await egress.AskAsync("plain.demo.test", "pAtCh /")).Code, Is.EqualTo("BTL6004"));
    }

    [Test]
    public void Policy_reads_every_method_as_the_client_library_writes_it()
    {
        var known = typeof(HttpMethod).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null)).OfType<HttpMethod>().ToArray();
        Assert.That(known, Has.Length.GreaterThan(8));
        foreach (var method in known)
        {
            Assert.That(RouteRequest.TryParse(method.Method.ToLowerInvariant(), "https://api.demo.test/", out var request, out _), Is.True);
            Assert.That(request.Method, Is.EqualTo(method.Method));
        }
        RouteRequest.TryParse("propFind", "https://api.demo.test/", out var other, out _);
        Assert.That(other.Method, Is.EqualTo("propFind"));
    }

    [Test]
    public async Task A_client_that_goes_before_the_answer_begins_hides_no_answer()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await using (var client = await egress.OpenTunnelAsync("model.demo.test"))
        {
            await client.SendAsync("POST /v1/messages HTTP/1.1\r\nHost: model.demo.test\r\nContent-Length: 2\r\n\r\n{}");
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        Assert.That((bool?)(await egress.Log.FindAsync(l => (string?)l["path"] == "/v1/messages"))["tokens_unread"], Is.True);
        Assert.That(await TokensAsync(egress), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task An_upstream_that_breaks_off_before_its_answer_may_have_used_tokens_and_one_that_was_not_reached_has_not()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        egress.Proxy.Upstreams["model.demo.test"] = 1;
        Assert.That((await egress.AskAsync("model.demo.test", "POST /v1/messages\nContent-Length: 2", "{}")).Status, Is.EqualTo(502));
        Assert.That((await egress.AskAsync("open.demo.test", "POST /v1/messages\nContent-Length: 18", """{"mcp_servers":[]}""")).Code, Is.EqualTo("BTL6021"));
        Assert.That(await TokensAsync(egress), Is.EqualTo((0, 0)), "not reached, and refused by egress");
        Assert.That((await egress.AskAsync("open.demo.test", "POST /v1/messages\nContent-Length: 2", "{}")).Status, Is.EqualTo(502));
        Assert.That(await TokensAsync(egress), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_request_that_turns_out_too_large_on_its_way_has_cost_nothing()
    {
        await using var egress = await EgressHarness.StartAsync(Table, change: settings => settings with { InspectMaxBody = 10 });
        Assert.That((await egress.AskAsync("seen.demo.test", "POST /v1/messages\nTransfer-Encoding: chunked", "8\r\n{\"a\":1, \r\n8\r\n \"b\":1 }\r\n0\r\n\r\n")).Status, Is.EqualTo(413));
        Assert.That(await TokensAsync(egress), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task An_answer_that_egress_does_not_pass_on_is_not_taken_for_none()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.Headers.ContentEncoding = "zstd";
            return AnswerAsync(http);
        };
        Assert.That((await egress.AskAsync("model.demo.test", "POST /v1/messages\nContent-Length: 2", "{}")).Status, Is.EqualTo(502));
        Assert.That(await TokensAsync(egress), Is.EqualTo((0, 1)));
    }

    [TestCase("Content-Length: 8", "12345678")]
    [TestCase("Transfer-Encoding: chunked", "8\r\n12345678\r\n0\r\n\r\n")]
    public async Task A_request_whose_body_has_begun_is_never_sent_a_second_time(string framing, string body)
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 100}");
        egress.Upstream.Handler = http =>
        {
            // REFUSED_STREAM: "nothing was done, come again"; by then the body is gone.
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(7);
            return Task.CompletedTask;
        };
        Assert.That((await egress.AskAsync("plain.demo.test", $"POST /\n{framing}", body)).Status, Is.EqualTo(502));
        Assert.That(egress.Upstream.Requests.Select(request => request.Body), Is.EqualTo(new[] { "12345678" }));
        Assert.That((await egress.IntrospectAsync("budget"))["requests"]!["used"]!.GetValue<long>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_start_that_lies_ahead_is_brought_back_when_the_clock_is_put_right()
    {
        var clock = new ShiftedClock();
        await using var egress = await EgressHarness.StartAsync(Table, clock: clock, budget: "{minutes: 10}");
        clock.Advance(TimeSpan.FromHours(-2));
        Assert.That((await egress.AskAsync("plain.demo.test", "GET /")).Status, Is.EqualTo(200));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await egress.AskAsync("plain.demo.test", "GET /")).Reason, Does.Contain("10 of 10 minutes"));
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Whole));
    }

    private static async Task<(long Used, long Unread)> TokensAsync(EgressHarness egress)
    {
        var report = await egress.IntrospectAsync("budget");
        return (report["tokens"]!["used"]!.GetValue<long>(), report["unread_answers"]!.GetValue<long>());
    }
}
