using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Bottle.Egress.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Bottle.Egress.Tests;

/// <summary>Bounded memory under many clients that take or give nothing: attack 14. The container has 512 MiB for the process and, on newer systems, for what its sockets hold.</summary>
public sealed class BoundsTests
{
    private const string Table = "  - {host: api.demo.test, methods: [GET, POST], inspect: false}";
    private const int Clients = 560;
    private const long Megabyte = 1024 * 1024;

    // More clients than requests are let in, each on a connection of its own, which is what costs most. An upstream that speaks HTTP/2 may send ahead of a reader that stands still: that is memory, too.
    [TestCase("/endless", "1.1")]
    [TestCase("/endless", "2.0")]
    [TestCase("/deaf", "1.1")]
    [TestCase("/deaf", "2.0")]
    public async Task Standing_requests_with_all_their_buffers_full_are_bounded_and_more_are_refused_with_the_reason(string path, string version)
    {
        await using var harness = await EgressHarness.StartAsync(Table, path == "/deaf" ? HttpProtocols.Http1 : HttpProtocols.Http2);
        harness.Proxy.HoldsLittle = path == "/deaf";
        harness.Upstream.LeavesBody = true;
        using var over = new CancellationTokenSource();
        harness.Upstream.Handler = http => StandAsync(http, over.Token);
        await using var child = await EgressChild.StartAsync(harness);
        var clients = Enumerable.Range(0, Clients).Select(_ => new StandingClient(harness, child.Endpoint, Version.Parse(version))).ToList();
        // All heads first: what comes after them was let in already.
        await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (client, _) => await client.OpenAsync(path));
        clients.ForEach(client => client.Push());
        for (long before = -1, now = 0; before != now; before = now, now = clients.Sum(client => client.Pushed))
        {
            await Task.Delay(1000);
        }
        Assert.That(child.HasExited, Is.False, child.Errors);
        var refused = (await File.ReadAllLinesAsync(EgressChild.LogOf(harness))).Select(line => JsonNode.Parse(line)!).Where(line => (string?)line["code"] == "BTL6018").Select(line => (string?)line["reason"]).ToList();
        TestContext.Out.WriteLine($"{path} {version}: {child.ResidentBytes / Megabyte} MiB, {refused.Count} of {Clients} refused, {clients.Sum(client => client.Pushed) / Megabyte} MiB sent");
        Assert.That(refused, Has.Count.GreaterThanOrEqualTo(Clients - harness.Settings.MaxRequests));
        Assert.That(refused, Is.All.AnyOf($"more than {harness.Settings.MaxRequests} requests are under way", "the memory of egress is nearly full"));
        Assert.That(child.ResidentBytes, Is.LessThan(480 * Megabyte));
        clients.ForEach(client => client.Dispose());
        // Egress sees that they are gone when its own limit is over (StandstillTests); the upstream ends first here.
        await over.CancelAsync();
        for (var end = DateTime.UtcNow.AddMinutes(2); (await child.AskAsync("api.demo.test")).Status != 200; await Task.Delay(100))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "egress goes on when they and the upstream's part are gone");
        }
    }

    [Test]
    public async Task Many_idle_connections_cost_little_each_and_disturb_nobody()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        await using var child = await EgressChild.StartAsync(harness);
        var clients = new List<RawClient>();
        for (var i = 0; i < 500; i++)
        {
            clients.Add(await RawClient.OpenAsync(child.Endpoint));
            await clients[i].StartTlsAsync("api.demo.test:443", harness.AgentTrust);
        }
        var watch = Stopwatch.StartNew();
        Assert.That((await child.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
        TestContext.Out.WriteLine($"500 clients: {child.ResidentBytes / Megabyte} MiB, another client's request took {watch.ElapsedMilliseconds} ms");
        Assert.That(child.ResidentBytes, Is.LessThan(250 * Megabyte));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    // Left alone they grow to megabytes each: 400 clients that took nothing had 740 MiB of them.
    [Test]
    public async Task What_the_system_holds_for_a_connection_is_bounded()
    {
        var options = new SocketTransportOptions();
        KestrelLimits.Apply(options);
        using var listener = options.CreateBoundListenSocket(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        SocketBuffers.Bound(client);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var accepted = await listener.AcceptAsync();
        Assert.That(new[] { accepted.SendBufferSize, accepted.ReceiveBufferSize, client.SendBufferSize, client.ReceiveBufferSize }, Has.All.LessThanOrEqualTo(128 * 1024));
    }

    private static async Task StandAsync(HttpContext http, CancellationToken over)
    {
        if (http.Request.Path == "/deaf")
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, over);
            await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var buffer = new byte[64 * 1024];
        while (http.Request.Path == "/endless" && !http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(buffer, CancellationToken.None);
        }
    }
}
