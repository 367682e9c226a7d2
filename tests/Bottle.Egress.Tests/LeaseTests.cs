using System.Globalization;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests;

/// <summary>Grants that end by themselves (SPEC N3): by time, by number, over reloads and kills.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LeaseTests
{
    private const string Counted = "  - {host: api.demo.test, lease: {id: grant-1, uses: 3}}";

    [Test]
    public async Task After_its_time_a_lease_allows_nothing_and_the_refusal_says_so()
    {
        var clock = new ShiftedClock();
        await using var egress = await EgressHarness.StartAsync(Timed(clock.GetUtcNow().AddMinutes(30)), clock: clock);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        const string ask = "GET /b HTTP/1.1\r\nHost: api.demo.test\r\n\r\n";
        Assert.That((await client.AskAsync(ask)).Status, Is.EqualTo(200));
        clock.Advance(TimeSpan.FromMinutes(30));
        var refused = await client.AskAsync(ask);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "BTL6026")), refused.Body);
        Assert.That(refused.Reason, Does.Contain("ended at").And.Contain("ask again"));
        Assert.That((string?)JsonNode.Parse(refused.Body)!["ask"], Is.EqualTo("egress-block"));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1));
        Assert.That((string?)(await egress.Log.FindAsync(l => (int?)l["status"] == 200))["lease"], Is.EqualTo("grant-1"));
        var line = await egress.Log.FindAsync(l => (int?)l["status"] == 403);
        Assert.That(((string?)line["lease"], (string?)line["code"], (int?)line["generation"]), Is.EqualTo(("grant-1", "BTL6026", (int?)1)));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task A_stream_is_cut_when_its_lease_ends_and_the_log_says_why(string version)
    {
        var clock = new JumpingClock();
        await using var egress = await EgressHarness.StartAsync(Timed(clock.GetUtcNow().AddMinutes(30)), clock: clock);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            await http.Response.Body.WriteAsync("first"u8.ToArray());
            await gone.Task;
        };
        using var client = egress.CreateHttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.demo.test/stream") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[5]);
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.That(gone.Task.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(async () => await body.ReadExactlyAsync(new byte[1]), Throws.InstanceOf<IOException>().And.Not.InstanceOf<EndOfStreamException>(), "it does not look whole");
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var line = await egress.Log.FindAsync(l => (string?)l["path"] == "/stream");
        Assert.That((string?)line["reason"], Does.StartWith("cut: the lease of its route ended at "));
        Assert.That((string?)line["lease"], Is.EqualTo("grant-1"));
    }

    [Test]
    public async Task A_WebSocket_is_cut_when_its_lease_ends()
    {
        var clock = new JumpingClock();
        await using var egress = await EgressHarness.StartAsync(Timed(clock.GetUtcNow().AddMinutes(30), "inspect: false, websocket: true"), clock: clock);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            await using var stream = await http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()!.UpgradeAsync();
            await stream.WriteAsync("hello"u8.ToArray());
            // Its client says nothing more: this ends when the connection does.
            await stream.ReadAsync(new byte[1]).AsTask().ContinueWith(_ => gone.SetResult(), TaskScheduler.Default);
        };
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        await client.RequestWebSocketAsync("api.demo.test");
        Assert.That((await client.ReadAsync()).Status, Is.EqualTo(101));
        clock.Advance(TimeSpan.FromMinutes(30));
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That((string?)(await egress.Log.FindAsync(l => (string?)l["path"] == "/ws"))["reason"], Does.StartWith("cut: the lease of its route ended at "));
    }

    [Test]
    public async Task The_end_of_a_lease_does_not_cut_what_comes_later_on_the_same_connection()
    {
        var clock = new JumpingClock();
        var timed = Timed(clock.GetUtcNow().AddMinutes(30), "path_allowlist: [\"/leased\"]");
        await using var egress = await EgressHarness.StartAsync(timed + "\n  - {host: api.demo.test, path_allowlist: [\"/free\"]}", clock: clock);
        var (arrived, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        egress.Upstream.Handler = async http =>
        {
            if (http.Request.Path == "/free")
            {
                arrived.SetResult();
                await answer.Task;
            }
        };
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        Assert.That((await client.AskAsync("GET /leased HTTP/1.1\r\nHost: api.demo.test\r\n\r\n")).Status, Is.EqualTo(200));
        // Kestrel has one object for all requests of a connection: a watch that outlived its request would cut this one.
        await client.SendAsync("GET /free HTTP/1.1\r\nHost: api.demo.test\r\n\r\n");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromMinutes(30));
        answer.SetResult();
        Assert.That((await client.ReadAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Requests_at_once_never_share_the_last_use()
    {
        await using var egress = await EgressHarness.StartAsync(Counted);
        using var client = egress.CreateHttpClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.GetAsync(new Uri("https://api.demo.test/"))));
        Assert.That(answers.Count(a => (int)a.StatusCode == 200), Is.EqualTo(3));
        Assert.That(answers.Count(a => (int)a.StatusCode == 403), Is.EqualTo(27));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(3));
        var refused = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((refused.Code, refused.Reason), Is.EqualTo(("BTL6027", "the lease of this route allowed 3 requests, and all are used; ask again")));
    }

    [Test]
    public async Task What_the_route_refuses_takes_no_use()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: api.demo.test, lease: {id: grant-1, uses: 1}, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_7}}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6017"));
        Assert.That((await egress.AskAsync("api.demo.test", "PUT /")).Code, Is.EqualTo("BTL6004"));
        egress.WriteTokens(new Dictionary<string, string> { ["EGRESS_TOKEN_7"] = EgressHarness.Token });
        egress.Server.Policy.Reload();
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6027"));
    }

    [Test]
    public async Task Uses_are_counted_over_generations_and_by_lease()
    {
        await using var egress = await EgressHarness.StartAsync(Counted);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        egress.WriteRoutes(Counted.Replace("uses: 3", "uses: 1", StringComparison.Ordinal), 2);
        egress.Server.Policy.Reload();
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6027"), "the same grant");
        egress.WriteRoutes(Counted.Replace("grant-1", "grant-2", StringComparison.Ordinal), 3);
        egress.Server.Policy.Reload();
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200), "a new grant");
    }

    [Test]
    public async Task A_killed_egress_comes_back_with_what_was_used()
    {
        await using var egress = await EgressHarness.StartAsync(Counted);
        await using (var child = await EgressChild.StartAsync(egress))
        {
            Assert.That((await child.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
            Assert.That((await child.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
            await child.SignalAsync("KILL");
            await child.WaitForExitAsync();
        }
        await using var second = await EgressChild.StartAsync(egress);
        Assert.That((await second.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
        Assert.That((await second.AskAsync("api.demo.test")).Status, Is.EqualTo(403));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(3));
    }

    [TestCase("")]
    [TestCase("{\"used\": {\"grant-1\":")]
    [TestCase("{\"used\": {\"grant-1\": -5}}")]
    [TestCase("{\"used\": {\"grant-1\": 1, \"grant-1\": 0}}")]
    [TestCase("{\"counts\": {}}")]
    [TestCase("null")]
    [TestCase("[]")]
    public async Task Counts_that_cannot_be_read_are_refused_and_not_taken_for_none(string text)
    {
        await using var egress = await EgressHarness.StartAsync(Counted + "\n  - {host: free.demo.test, lease: {id: by-time, until: '2999-01-01T00:00:00Z'}}",
            change: settings =>
            {
                File.WriteAllText(settings.Leases, text);
                return settings;
            });
        var refused = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((503, "BTL6028")), refused.Body);
        Assert.That(egress.Upstream.Requests, Is.Empty);
        Assert.That((await egress.AskAsync("free.demo.test", "GET /")).Status, Is.EqualTo(200), "time needs no counts");
        Assert.That((string?)(await egress.IntrospectAsync("healthz"))["lease_error"], Does.Contain("leases.json"));
        Assert.That(await File.ReadAllTextAsync(egress.Settings.Leases), Is.EqualTo(text), "evidence stays");
        await File.WriteAllTextAsync(egress.Settings.Leases, "{\"used\": {\"grant-1\": 2}}");
        egress.Server.Policy.Reload();
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200), "an operator's repair counts after a reload");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6027"));
    }

    [Test]
    public async Task A_use_that_cannot_be_written_down_is_not_granted()
    {
        await using var egress = await EgressHarness.StartAsync(Counted);
        // A folder in the place of the file that is written beside.
        Directory.CreateDirectory(egress.Settings.Leases + ".new");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6028"));
        Assert.That(egress.Upstream.Requests, Is.Empty);
        Directory.Delete(egress.Settings.Leases + ".new");
        egress.Server.Policy.Reload();
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_agent_sees_how_its_leases_stand()
    {
        await using var egress = await EgressHarness.StartAsync(Counted + "\n  - {host: old.demo.test, lease: {id: old, until: '2020-01-01T00:00:00Z'}}");
        await egress.AskAsync("api.demo.test", "GET /");
        var routes = (await egress.IntrospectAsync("allowlist"))["routes"]!;
        Assert.That(routes[0]!["lease"]!.ToJsonString(), Is.EqualTo("""{"id":"grant-1","state":"in force","uses":3,"uses_left":2}"""));
        Assert.That(routes[1]!["lease"]!.ToJsonString(), Is.EqualTo("""{"id":"old","state":"ended","until":"2020-01-01T00:00:00Z"}"""));
        var explained = await egress.IntrospectAsync("explain?url=https%3A%2F%2Fold.demo.test%2F&method=GET");
        Assert.That(((string?)explained["decision"], (string?)explained["code"]), Is.EqualTo(("denied", "BTL6026")));
    }

    private static string Timed(DateTimeOffset until, string more = "inspect: true") =>
        $"  - {{host: api.demo.test, {more}, lease: {{id: grant-1, until: '" + until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) + "'}}";
}
