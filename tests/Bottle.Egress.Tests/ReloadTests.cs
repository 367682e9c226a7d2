using System.Net;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests;

/// <summary>Generations: attack 31.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReloadTests
{
    private const string Narrow = "  - {host: api.demo.test, path_allowlist: [/a]}";
    private const string Wide = "  - {host: api.demo.test, path_allowlist: [/a, /b]}";

    [Test]
    public async Task A_reload_changes_tunnels_that_are_open()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await using var client = await egress.OpenTunnelAsync("api.demo.test");
        const string ask = "GET /b HTTP/1.1\r\nHost: api.demo.test\r\n\r\n";
        Assert.That((await client.AskAsync(ask)).Status, Is.EqualTo(403));
        egress.WriteRoutes(Wide, generation: 2);
        Assert.That(egress.Server.Policy.Reload(), Is.Null);
        Assert.That((await client.AskAsync(ask)).Status, Is.EqualTo(200));
        egress.WriteRoutes(Narrow, generation: 3);
        egress.Server.Policy.Reload();
        Assert.That((await client.AskAsync(ask)).Status, Is.EqualTo(403));
        Assert.That((int?)(await egress.Log.FindAsync(l => (int?)l["status"] == 200))["generation"], Is.EqualTo(2));
    }

    [TestCase("half", "version: 1\ngeneration: 2\nroutes:\n  - {host: api.demo")]
    [TestCase("empty", "")]
    [TestCase("huge", null)]
    [TestCase("other", "hello")]
    [TestCase("wrong", "version: 1\ngeneration: 2\nroutes:\n  - {host: '*.com'}\n")]
    public async Task A_file_that_does_not_parse_leaves_the_last_good_table_and_everyone_can_see_it(string kind, string? text)
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await File.WriteAllTextAsync(egress.PathOf("routes.yaml"), text ?? new string('#', 2_000_000));
        Assert.That(egress.Server.Policy.Reload(), Is.Not.Null, kind);
        await AssertOldTableAsync(egress);
    }

    [Test]
    public async Task A_directory_in_the_files_place_leaves_the_last_good_table()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        File.Delete(egress.PathOf("routes.yaml"));
        Assert.That(egress.Server.Policy.Reload(), Does.Contain("does not exist"));
        Directory.CreateDirectory(egress.PathOf("routes.yaml"));
        Assert.That(egress.Server.Policy.Reload(), Does.Contain("not a regular file"));
        await AssertOldTableAsync(egress);
    }

    [Test]
    public async Task A_link_in_the_files_place_leaves_the_last_good_table()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await File.WriteAllTextAsync(egress.PathOf("elsewhere.yaml"), "version: 1\ngeneration: 2\nroutes: []\n");
        File.Delete(egress.PathOf("routes.yaml"));
        File.CreateSymbolicLink(egress.PathOf("routes.yaml"), egress.PathOf("elsewhere.yaml"));
        Assert.That(egress.Server.Policy.Reload(), Does.Contain("not a regular file"));
        await AssertOldTableAsync(egress);
    }

    [Test]
    public async Task Broken_tokens_leave_the_last_good_table_and_are_not_repeated()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await File.WriteAllTextAsync(egress.PathOf("tokens.json"), "{\"EGRESS_TOKEN_0\": \"secret-canary");
        Assert.That(egress.Server.Policy.Reload(), Is.Not.Null.And.Not.Contain("canary"));
        await AssertOldTableAsync(egress);
    }

    [Test]
    public async Task A_good_reload_clears_the_error()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await File.WriteAllTextAsync(egress.PathOf("routes.yaml"), "hello");
        egress.Server.Policy.Reload();
        egress.WriteRoutes(Wide, generation: 5);
        egress.Server.Policy.Reload();
        var health = await HealthAsync(egress);
        Assert.That(((int?)health["generation"], health["reload_error"]), Is.EqualTo(((int?)5, (JsonNode?)null)));
    }

    [Test]
    public async Task Egress_does_not_start_without_a_good_table()
    {
        await using var egress = await EgressHarness.StartAsync(Narrow);
        await File.WriteAllTextAsync(egress.PathOf("routes.yaml"), "hello");
        var settings = egress.Settings with { ControlSocket = egress.PathOf("second.sock") };
        Assert.That(async () => await Hosting.EgressServer.StartAsync(settings, Stream.Null, TimeProvider.System), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task Requests_under_reloads_are_each_judged_by_one_generation_and_none_is_lost()
    {
        // Each generation allows one path only, so an answer shows which one judged; both lists and credentials change together.
        await using var egress = await EgressHarness.StartAsync(Generation(0));
        using var client = egress.CreateHttpClient();
        var stop = false;
        var reloads = Task.Run(async () =>
        {
            for (var i = 1; i <= 50; i++)
            {
                egress.WriteRoutes(Generation(i % 2), i + 1);
                Assert.That(egress.Server.Policy.Reload(), Is.Null);
                await Task.Delay(5);
            }
            stop = true;
        });
        var count = 0;
        while (!stop)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.GetAsync(new Uri($"https://api.demo.test/{i % 2}"))));
            Assert.That(answers.Select(a => a.StatusCode), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Forbidden));
            count += answers.Length;
        }
        await reloads;
        Assert.That(egress.Upstream.Requests, Has.All.Matches<SeenRequest>(r => r!.Headers["X-Key-" + r.Target[1..]] == EgressHarness.Token && !r.Headers.ContainsKey(r.Target == "/0" ? "X-Key-1" : "X-Key-0")));
        Assert.That(count, Is.GreaterThan(0));

        static string Generation(int i) => $$"""  - {host: api.demo.test, path_allowlist: [/{{i}}], auth: {scheme: header, header: x-key-{{i}}, token_env: EGRESS_TOKEN_0} }""";
    }

    private static async Task AssertOldTableAsync(EgressHarness egress)
    {
        Assert.That((await egress.AskAsync("api.demo.test", "GET /a")).Status, Is.EqualTo(200));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /b")).Status, Is.EqualTo(403));
        var health = await HealthAsync(egress);
        Assert.That(((string?)health["status"], (int?)health["generation"], (string?)health["reload_error"]?["reason"]), Is.EqualTo(("ok", (int?)1, egress.Server.Policy.LastFailure!.Reason)));
    }

    private static async Task<JsonNode> HealthAsync(EgressHarness egress)
    {
        await using var client = await egress.OpenAsync();
        return JsonNode.Parse((await client.AskAsync("GET http://_egress.local/healthz HTTP/1.1\r\nHost: _egress.local\r\n\r\n")).Body)!;
    }
}
