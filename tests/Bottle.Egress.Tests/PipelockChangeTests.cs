using System.Net;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests;

/// <summary>One pipelock takes over from another without a request lost, and the operator can wait for the old one's last.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PipelockChangeTests
{
    private const string Table = "  - {host: api.demo.test}";

    [Test]
    public async Task New_requests_take_the_new_pipelock_and_old_ones_end_on_theirs()
    {
        ConnectProxy? next = null;
        await using var egress = await EgressHarness.StartAsync(Table, change: settings =>
        {
            // The same port on another address, as containers have it.
            next = new ConnectProxy(IPAddress.Parse("127.0.0.2"), settings.UpstreamProxy.Port);
            return settings with { Resolve = ResolveAsync };
        });
        await using var second = next!;
        second.Upstreams["api.demo.test"] = egress.Upstream.Port;
        using var more = new SemaphoreSlim(0);
        egress.Upstream.Handler = async http =>
        {
            await http.Response.Body.WriteAsync("a"u8.ToArray());
            if (http.Request.Path == "/held")
            {
                await more.WaitAsync();
            }
            await http.Response.Body.WriteAsync("b"u8.ToArray());
        };
        using var client = egress.CreateHttpClient();
        using var held = await client.GetAsync(new Uri("https://api.demo.test/held"), HttpCompletionOption.ResponseHeadersRead);
        await WaitForHealthAsync(egress, "1 127.0.0.1 1 []");

        egress.WriteRoutes(Table, 2, "pipelock-r2");
        Assert.That(egress.Server.Policy.Reload(), Is.Null);
        Assert.That(await client.GetStringAsync(new Uri("https://api.demo.test/new")), Is.EqualTo("ab"));
        Assert.That((egress.Proxy.Targets, second.Targets), Is.EqualTo((new[] { "api.demo.test:443" }, new[] { "api.demo.test:443" })));
        await WaitForHealthAsync(egress, """2 pipelock-r2 0 [{"generation":1,"pipelock":"127.0.0.1","requests":1}]""");
        Assert.That(egress.Server.Pools.Count, Is.EqualTo(2));

        more.Release();
        Assert.That(await held.Content.ReadAsStringAsync(), Is.EqualTo("ab"));
        await WaitForHealthAsync(egress, "2 pipelock-r2 0 []");
        await egress.Proxy.WaitForNoneOpenAsync();
        Assert.That(egress.Server.Pools.Count, Is.EqualTo(1), "the connections of the old one are closed");
    }

    [Test]
    public async Task A_reload_that_keeps_the_pipelock_keeps_its_connections()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient();
        for (var generation = 2; generation < 6; generation++)
        {
            Assert.That(await client.GetStringAsync(new Uri("https://api.demo.test/")), Is.EqualTo("ok"));
            egress.WriteRoutes(Table, generation);
            Assert.That(egress.Server.Policy.Reload(), Is.Null);
        }
        Assert.That(egress.Proxy.Targets, Has.Count.EqualTo(1));
        Assert.That(egress.Server.Pools.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_refused_reload_keeps_the_pipelock_and_is_seen_by_the_operator()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.WriteRoutes(Table, 2, "not a label");
        Assert.That(egress.Server.Policy.Reload(), Does.Contain("pipelock"));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        await using var client = new ControlSocketClient(egress.Settings.ControlSocket);
        var health = JsonNode.Parse(await client.AskAsync("/healthz"))!;
        Assert.That(((int?)health["generation"], (string?)health["pipelock"]), Is.EqualTo(((int?)1, "127.0.0.1")));
        Assert.That((string?)health["reload_error"]!["reason"], Does.Contain("pipelock"));
    }

    private static Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<IPAddress[]>([IPAddress.Parse(name == "pipelock-r2" ? "127.0.0.2" : name)]);

    /// <summary>What the operator's side sees: generation, pipelock, requests under way, and those of older generations.</summary>
    private static async Task<string> HealthAsync(EgressHarness egress)
    {
        await using var client = new ControlSocketClient(egress.Settings.ControlSocket);
        var health = JsonNode.Parse(await client.AskAsync("/healthz"))!;
        return $"{health["generation"]} {health["pipelock"]} {health["requests"]} {health["draining"]!.ToJsonString()}";
    }

    /// <summary>A client has its answer a moment before the request has ended.</summary>
    private static async Task WaitForHealthAsync(EgressHarness egress, string wanted)
    {
        for (var i = 0; i < 500 && await HealthAsync(egress) != wanted; i++)
        {
            await Task.Delay(20);
        }
        Assert.That(await HealthAsync(egress), Is.EqualTo(wanted));
    }
}
