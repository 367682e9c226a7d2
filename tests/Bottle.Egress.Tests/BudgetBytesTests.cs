using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests;

/// <summary>Bytes of a run's budget: counted as they flow, both ways, and what would go on when they are spent is ended.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BudgetBytesTests
{
    private const string Table = "  - {host: api.demo.test, methods: [GET, POST], inspect: false, websocket: true}\n  - {host: mask.demo.test, methods: [GET, POST], inspect: false, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}";
    private const string Spent = "cut: the budget of this run is spent (";

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task A_stream_of_events_ends_when_the_bytes_are_spent(string version)
    {
        await using var egress = await EgressHarness.StartAsync(Table, clock: new ManualClock(), budget: "{bytes: 3000}");
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            http.RequestAborted.Register(() => gone.TrySetResult());
            http.Response.ContentType = "text/event-stream";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[100]);
                await http.Response.Body.FlushAsync();
                await Task.Delay(1);
            }
        };
        using var client = egress.CreateHttpClient(Version.Parse(version));
        using var response = await client.GetAsync(new Uri("https://api.demo.test/events"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var read = 0;
        Assert.That(async () =>
        {
            for (var buffer = new byte[64]; ;)
            {
                read += await body.ReadAtLeastAsync(buffer, 1);
            }
        }, Throws.InstanceOf<IOException>());
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var line = await egress.Log.FindAsync(l => (string?)l["path"] == "/events");
        Assert.That((string?)line["reason"], Does.StartWith(Spent).And.Contain("of 3000 bytes"));
        Assert.That((long?)line["bytes_out"], Is.InRange(3000, 3000 + (64 * 1024)), "the piece that reached the limit has passed");
        Assert.That(read, Is.LessThanOrEqualTo(line["bytes_out"]!.GetValue<long>()));
        Assert.That(egress.KeptBudget!.Bytes, Is.GreaterThanOrEqualTo(3000), "before anybody heard of it");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6029"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_WebSocket_ends_when_the_bytes_are_spent_in_either_direction(bool isUp)
    {
        await using var egress = await EgressHarness.StartAsync(Table, clock: new ManualClock(), budget: "{bytes: 50000}");
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            await using var stream = await http.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
            await PumpAsync(stream, !isUp, http.RequestAborted);
            gone.SetResult();
        };
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        await client.RequestWebSocketAsync("api.demo.test");
        Assert.That((await client.ReadAsync()).Status, Is.EqualTo(101));
        await PumpAsync(client.Stream, isUp, CancellationToken.None);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var line = await egress.Log.FindAsync(l => (string?)l["path"] == "/ws");
        Assert.That((string?)line["reason"], Does.StartWith(Spent).And.Contain("of 50000 bytes"));
        Assert.That((long?)line[isUp ? "bytes_in" : "bytes_out"], Is.InRange(50_000, 50_000 + (64 * 1024)));
        Assert.That(egress.KeptBudget!.Bytes, Is.GreaterThanOrEqualTo(50_000), "before anybody heard of it");
    }

    [Test]
    public async Task An_upload_that_uses_up_the_bytes_is_refused_with_the_reason()
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{bytes: 100000}");
        using var client = egress.CreateHttpClient();
        // In pieces, so that one of them comes when nothing is left.
        using var response = await client.PostAsync(new Uri("https://api.demo.test/upload"), new ByteArrayContent(new byte[2_000_000]));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"], Is.EqualTo("BTL6029"));
        Assert.That(egress.Upstream.Requests, Is.Empty, "no whole request has arrived");
        await egress.Log.FindAsync(l => (string?)l["path"] == "/upload" && (string?)l["code"] == "BTL6029");
    }

    [TestCase("api.demo.test")]
    [TestCase("mask.demo.test")]
    public async Task An_answer_that_has_not_begun_is_refused_with_the_reason_and_more_bytes_let_the_next_pass(string host)
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{bytes: 1000}");
        var refused = await egress.AskAsync(host, "POST /\nContent-Length: 1000", new string('x', 1000));
        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "BTL6029")), refused.Body);
        Assert.That(egress.Upstream.Requests.Single().Body, Has.Length.EqualTo(1000), "the piece that reaches the limit passes, and with it the end");
        Assert.That((await egress.AskAsync(host, "GET /")).Code, Is.EqualTo("BTL6029"));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1), "nothing more sets out");
        egress.Extend(Table, "{bytes: 2000}");
        Assert.That((await egress.AskAsync(host, "GET /")).Body, Is.EqualTo("ok"));
    }

    /// <summary>Writes, or reads, until the other side is gone.</summary>
    private static async Task PumpAsync(Stream stream, bool writes, CancellationToken end)
    {
        var buffer = new byte[1000];
        try
        {
            while (!end.IsCancellationRequested && (writes || await stream.ReadAsync(buffer, end) > 0))
            {
                await (writes ? stream.WriteAsync(buffer, end).AsTask() : Task.CompletedTask);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
