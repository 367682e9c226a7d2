using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests;

/// <summary>Pipelock frozen, gone or slow: a fast error and a record (attack 29), and no error for what is only slow.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PipelockFaultTests
{
    private const string Table = """
          - {host: api.demo.test}
          - {host: pass.demo.test, inspect: false, websocket: true}
        """;
    private const string Ask = "GET / HTTP/1.1\r\nHost: api.demo.test\r\n\r\n";

    [Test]
    public async Task A_frozen_pipelock_is_told_from_a_slow_upstream_when_a_connection_is_opened()
    {
        await using var egress = await StartAsync();
        egress.Proxy.IsFrozen = true;
        await AssertSilentAsync(egress, await egress.AskAsync("api.demo.test", "GET /"));
        egress.Proxy.IsFrozen = false;
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_pipelock_that_freezes_under_an_open_connection_is_noticed()
    {
        await using var egress = await StartAsync();
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        Assert.That((await client.AskAsync(Ask)).Status, Is.EqualTo(200));
        egress.Proxy.IsFrozen = true;
        await AssertSilentAsync(egress, await client.AskAsync(Ask));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1));
        egress.Proxy.IsFrozen = false;
        Assert.That((await client.AskAsync(Ask)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_pipelock_that_is_gone_is_a_502_with_a_reason()
    {
        await using var egress = await StartAsync();
        await egress.Proxy.DisposeAsync();
        await AssertSilentAsync(egress, await egress.AskAsync("api.demo.test", "GET /"));
    }

    [Test]
    public async Task A_pipelock_that_lives_may_take_long_to_connect_and_an_upstream_long_to_answer()
    {
        await using var egress = await StartAsync();
        egress.Proxy.Slowness = TimeSpan.FromMilliseconds(700);
        egress.Upstream.Handler = async http =>
        {
            await Task.Delay(700);
            await http.Response.Body.WriteAsync("late"u8.ToArray());
        };
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Body), Is.EqualTo((200, "late")));
        Assert.That(egress.Proxy.Targets, Has.Count.EqualTo(1));
    }

    [TestCase("1.1", "api.demo.test")]
    [TestCase("2.0", "api.demo.test")]
    [TestCase("1.1", "pass.demo.test")]
    [TestCase("2.0", "pass.demo.test")]
    public async Task A_pipelock_that_freezes_in_the_middle_of_an_answer_ends_it(string version, string host)
    {
        await using var egress = await StartAsync();
        egress.Upstream.Handler = AnswerHalfAsync;
        using var client = egress.CreateHttpClient(Version.Parse(version));
        using var response = await client.GetAsync(new Uri($"https://{host}/"), HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[4]);
        egress.Proxy.IsFrozen = true;
        var rest = body.ReadAsync(new byte[1]).AsTask();
        Assert.That(async () => await rest.WaitAsync(TimeSpan.FromSeconds(60)), Throws.InstanceOf<IOException>(), "broken off, and not as if it were whole");
        var line = await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6016");
        Assert.That(((string?)line["decision"], (string?)line["host"], (string?)line["reason"]), Is.EqualTo(("failed", host, new Forwarding.PipelockSilentException().Message)));
        egress.Proxy.IsFrozen = false;
        egress.Upstream.Handler = null;
        Assert.That((await egress.AskAsync(host, "GET /")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_pipelock_that_freezes_under_a_WebSocket_ends_it()
    {
        await using var egress = await StartAsync();
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = async http =>
        {
            http.Response.StatusCode = 101;
            http.Response.Headers.Connection = "Upgrade";
            http.Response.Headers.Upgrade = "websocket";
            await using var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.ReadExactlyAsync(new byte[1]);
        };
        await using var client = await egress.OpenTunnelAsync("pass.demo.test");
        await client.RequestWebSocketAsync("pass.demo.test");
        Assert.That((await client.ReadAsync()).Status, Is.EqualTo(101));
        egress.Proxy.IsFrozen = true;
        Assert.That(await client.IsClosedAsync(), Is.True);
        var line = await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6016");
        Assert.That((string?)line["reason"], Does.Contain("pipelock"));
    }

    [TestCase("1.1", "api.demo.test")]
    [TestCase("2.0", "pass.demo.test")]
    public async Task A_pipelock_that_lives_is_asked_again_and_again_and_no_silent_answer_ends(string version, string host)
    {
        await using var egress = await StartAsync();
        var more = new TaskCompletionSource();
        egress.Upstream.Handler = async http =>
        {
            await http.Response.Body.WriteAsync("half"u8.ToArray());
            await http.Response.Body.FlushAsync();
            await more.Task;
            await http.Response.Body.WriteAsync("rest"u8.ToArray());
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        var answer = client.GetStringAsync(new Uri($"https://{host}/"));
        for (var i = 0; i < 3000 && egress.Proxy.Pulses < 8; i++)
        {
            await Task.Delay(20);
        }
        Assert.That(egress.Proxy.Pulses, Is.GreaterThanOrEqualTo(8), "while an answer is under way pipelock is asked");
        more.SetResult();
        Assert.That(await answer, Is.EqualTo("halfrest"));
        var before = -1;
        for (var i = 0; i < 30 && egress.Proxy.Pulses != before; i++)
        {
            before = egress.Proxy.Pulses;
            await Task.Delay(1000);
        }
        Assert.That(egress.Proxy.Pulses, Is.EqualTo(before), "it is asked no more when no answer is under way");
    }

    // The patience is shorter than the slowness of these tests; a pulse has time enough on a loaded machine.
    private static Task<EgressHarness> StartAsync() =>
        EgressHarness.StartAsync(Table, change: settings => settings with { Patience = TimeSpan.FromMilliseconds(300), PulseLimit = TimeSpan.FromSeconds(2) });

    private static async Task AnswerHalfAsync(HttpContext http)
    {
        http.Response.ContentLength = 8;
        await http.Response.Body.WriteAsync("half"u8.ToArray());
        await http.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task AssertSilentAsync(EgressHarness egress, RawResponse response)
    {
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")), response.Body);
        Assert.That(response.Reason, Does.Contain("pipelock").And.Contain("does not answer"));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 502);
        Assert.That(((string?)line["decision"], (string?)line["host"]), Is.EqualTo(("failed", "api.demo.test")));
    }
}
