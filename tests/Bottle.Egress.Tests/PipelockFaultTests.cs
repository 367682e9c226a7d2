namespace Bottle.Egress.Tests;

/// <summary>Pipelock frozen, gone or slow: a fast error and a record (attack 29), and no error for what is only slow.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PipelockFaultTests
{
    private const string Table = "  - {host: api.demo.test}";
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

    // The patience is shorter than the slowness of these tests; a pulse has time enough on a loaded machine.
    private static Task<EgressHarness> StartAsync() =>
        EgressHarness.StartAsync(Table, change: settings => settings with { Patience = TimeSpan.FromMilliseconds(300), PulseLimit = TimeSpan.FromSeconds(2) });

    private static async Task AssertSilentAsync(EgressHarness egress, RawResponse response)
    {
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")), response.Body);
        Assert.That(response.Reason, Does.Contain("pipelock").And.Contain("does not answer"));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 502);
        Assert.That(((string?)line["decision"], (string?)line["host"]), Is.EqualTo(("failed", "api.demo.test")));
    }
}
