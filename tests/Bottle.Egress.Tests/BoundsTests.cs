using System.Diagnostics;

namespace Bottle.Egress.Tests;

/// <summary>Bounded memory under many clients that take or give nothing: attack 14.</summary>
public sealed class BoundsTests
{
    private const string Table = "  - {host: api.demo.test, methods: [GET, POST], inspect: false}";
    private const long Megabyte = 1024 * 1024;

    // The upstream speaks HTTP/2: what it may send ahead of a reader that stands still is memory, too. Beyond what fits, MemoryGauge refuses the next client with 503.
    [TestCase("GET /endless HTTP/1.1\r\nHost: api.demo.test\r\n\r\n", 200)]
    [TestCase("POST /deaf HTTP/1.1\r\nHost: api.demo.test\r\nContent-Length: 100000000\r\n\r\n", 200)]
    [TestCase("", 500)]
    public async Task Many_standing_clients_cost_little_each_and_disturb_nobody(string request, int count)
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        harness.Upstream.LeavesBody = true;
        harness.Upstream.Handler = async http =>
        {
            if (http.Request.Path == "/deaf")
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            var buffer = new byte[64 * 1024];
            while (http.Request.Path == "/endless" && !http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(buffer);
            }
        };
        await using var child = await EgressChild.StartAsync(harness);
        var clients = new List<RawClient>();
        for (var i = 0; i < count; i++)
        {
            var client = await RawClient.OpenAsync(child.Endpoint);
            clients.Add(client);
            await client.StartTlsAsync("api.demo.test:443", harness.AgentTrust);
            await client.SendAsync(request);
        }
        // Uploads go on until nobody takes more.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Task.WhenAll(clients.Select(client => PushAsync(client, request, limit.Token)));
        var watch = Stopwatch.StartNew();
        await using (var other = await RawClient.OpenAsync(child.Endpoint))
        {
            await other.StartTlsAsync("api.demo.test:443", harness.AgentTrust);
            Assert.That((await other.AskAsync("GET / HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200));
        }
        TestContext.Out.WriteLine($"{count} clients: {child.ResidentBytes / Megabyte} MiB, another client's request took {watch.ElapsedMilliseconds} ms");
        Assert.That(child.ResidentBytes, Is.LessThan(250 * Megabyte));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task PushAsync(RawClient client, string request, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (request.StartsWith("POST", StringComparison.Ordinal))
            {
                await client.Stream.WriteAsync(buffer, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody takes more.
        }
    }
}
