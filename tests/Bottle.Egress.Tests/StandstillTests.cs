using System.Net;
using System.Text.Json.Nodes;
using Bottle.Egress.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bottle.Egress.Tests;

/// <summary>Upstreams that stop taking what is sent to them: attack 14.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StandstillTests
{
    private const string Table = """
          - {host: api.demo.test, methods: ["any"], inspect: false}
          - {host: seen.demo.test, methods: ["any"]}
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    [TestCase("api.demo.test", HttpProtocols.Http1)]
    [TestCase("api.demo.test", HttpProtocols.Http2)]
    [TestCase("seen.demo.test", HttpProtocols.Http1)]
    public async Task An_upload_that_the_upstream_stops_taking_is_refused_with_the_reason_and_gives_its_place_back(string host, HttpProtocols upstream)
    {
        await using var egress = await StartAsync(upstream);
        using var client = egress.CreateHttpClient();
        using var response = await client.PostAsync(new Uri($"https://{host}/deaf"), new ByteArrayContent(new byte[32 * 1024 * 1024]));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["reason"], Is.EqualTo($"{host}:443 stopped taking the request body"));
        await egress.Log.FindAsync(l => (string?)l["path"] == "/deaf" && (int?)l["status"] == 502);
        Assert.That((await egress.AskAsync(host, "GET /")).Status, Is.EqualTo(200));
    }

    [TestCase(HttpProtocols.Http1)]
    [TestCase(HttpProtocols.Http2)]
    public async Task A_client_that_left_while_the_upstream_took_nothing_keeps_no_place(HttpProtocols upstream)
    {
        await using var egress = await StartAsync(upstream);
        await using (var client = await egress.OpenTunnelAsync("api.demo.test"))
        {
            await client.SendAsync("POST /deaf HTTP/1.1\r\nHost: api.demo.test\r\nContent-Length: 1000000000\r\n\r\n");
            await FillAsync(client);
        }
        RawResponse last;
        for (var end = DateTime.UtcNow.AddSeconds(30); (last = await egress.AskAsync("api.demo.test", "GET /")).Status != 200 && DateTime.UtcNow < end; await Task.Delay(50))
        {
            // It is noticed when the limit is over.
        }
        Assert.That(last.Status, Is.EqualTo(200), last.Body);
    }

    [Test]
    public async Task Every_write_has_the_whole_limit_for_itself()
    {
        var clock = new ManualClock();
        using var writes = new WriteLimit(TimeSpan.FromSeconds(60), clock);
        for (var i = 0; i < 3; i++)
        {
            var write = new TaskCompletionSource();
            var pending = writes.AwaitAsync(new ValueTask(write.Task)).AsTask();
            await clock.PassAsync(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(59));
            Assert.That(pending.IsCompleted, Is.False);
            write.SetResult();
            await pending;
        }
        var standing = new TaskCompletionSource();
        writes.Standstill.Register(standing.SetCanceled);
        var last = writes.AwaitAsync(new ValueTask(standing.Task)).AsTask();
        await clock.PassAsync(TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(61));
        Assert.That(async () => await last, Throws.InstanceOf<IOException>());
    }

    /// <summary>One request at a time, so that a place which is kept is noticed at once.</summary>
    private static async Task<EgressHarness> StartAsync(HttpProtocols upstream)
    {
        var egress = await EgressHarness.StartAsync(Table, upstream, settings => settings with { MaxRequests = 1, UntakenTimeout = Limit, InspectMaxBody = long.MaxValue });
        egress.Upstream.LeavesBody = true;
        egress.Upstream.Handler = http => http.Request.Path == "/deaf"
            ? Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default) : http.Response.WriteAsync("ok");
        return egress;
    }

    /// <summary>Sends until nobody takes any more.</summary>
    private static async Task FillAsync(RawClient client)
    {
        Task send;
        do
        {
            send = client.SendAsync(new string('x', 16 * 1024));
        }
        while (await Task.WhenAny(send, Task.Delay(Limit / 2)) == send);
    }
}
