using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests;

/// <summary>The executable itself: signals, exit codes, and the commands that run inside its container.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProcessTests
{
    private const string Table = """
          - {host: api.demo.test, path_allowlist: [/a], source: "bottles/demo.md:3", auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
        """;

    [Test]
    public async Task It_serves_reloads_answers_and_ends()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        await using var child = await EgressChild.StartAsync(harness);
        Assert.That((await EgressChild.RunAsync(harness, "healthcheck")).Code, Is.Zero);
        Assert.That((await child.AskAsync("api.demo.test", "/a")).Body, Is.EqualTo("ok"));
        Assert.That((await child.AskAsync("api.demo.test", "/b")).Code, Is.EqualTo("BTL6005"));
        Assert.That(harness.Upstream.Requests.Single().Headers["Authorization"], Is.EqualTo("Bearer " + EgressHarness.Token));

        harness.WriteRoutes(Table.Replace("[/a]", "[/b]", StringComparison.Ordinal), generation: 2);
        await child.SignalAsync("HUP");
        await WaitForHealthAsync(harness, health => (int?)health["generation"] == 2);
        Assert.That((await child.AskAsync("api.demo.test", "/b")).Body, Is.EqualTo("ok"));

        await File.WriteAllTextAsync(harness.PathOf("routes.yaml"), "half: [");
        await child.SignalAsync("HUP");
        await WaitForHealthAsync(harness, health => health["reload_error"] is not null && (int?)health["generation"] == 2);
        Assert.That((await child.AskAsync("api.demo.test", "/b")).Body, Is.EqualTo("ok"));

        await child.SignalAsync("TERM");
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        var log = await File.ReadAllLinesAsync(EgressChild.LogOf(harness));
        Assert.That(log.Select(line => (int?)JsonNode.Parse(line)!["status"]), Is.EqualTo(new[] { 200, 403, 200, 200 }));
        Assert.That(string.Concat(log) + child.Errors, Does.Not.Contain("canary"));
        Assert.That(File.GetUnixFileMode(EgressChild.LogOf(harness)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task What_the_server_refuses_before_any_code_of_ours_is_answered_and_recorded()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        await using var child = await EgressChild.StartAsync(harness);
        await using (var client = await RawClient.OpenAsync(child.Endpoint))
        {
            Assert.That((await client.AskAsync("GET http://api.demo.test/a HTTP/1.1\r\nHost: other.demo.test\r\n\r\n")).Code, Is.EqualTo("BTL6009"));
        }
        await child.SignalAsync("TERM");
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        var line = JsonNode.Parse(await File.ReadAllTextAsync(EgressChild.LogOf(harness)))!;
        Assert.That(((string?)line["code"], (int?)line["status"]), Is.EqualTo(("BTL6009", 421)));
    }

    [Test]
    public async Task Introspect_shows_the_operator_where_a_route_comes_from()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        await using var child = await EgressChild.StartAsync(harness);
        var explained = await EgressChild.RunAsync(harness, "introspect", "explain", "https://api.demo.test/b?x=1&y", "GET");
        Assert.That((explained.Code, (string?)JsonNode.Parse(explained.Output)!["code"], (string?)JsonNode.Parse(explained.Output)!["route"]!["source"]), Is.EqualTo((0, "BTL6005", "bottles/demo.md:3")));
        var table = await EgressChild.RunAsync(harness, "introspect", "allowlist");
        Assert.That((string?)JsonNode.Parse(table.Output)!["routes"]![0]!["host"], Is.EqualTo("api.demo.test"));
    }

    [Test]
    public async Task Who_waits_for_a_table_hears_of_it_at_once_and_of_one_that_is_refused()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        Assert.That((await EgressChild.RunAsync(harness, "introspect", "await", "2", "60")).Code, Is.EqualTo(1), "nobody is running");
        await using var child = await EgressChild.StartAsync(harness);
        Assert.That((await EgressChild.RunAsync(harness, "introspect", "await", "1", "60")).Code, Is.Zero, "it is in force already");
        Assert.That((await EgressChild.RunAsync(harness, "introspect", "await", "2", "1")).Code, Is.EqualTo(1), "it does not come");
        Assert.That((await EgressChild.RunAsync(harness, "introspect", "await", "two", "60")).Code, Is.EqualTo(2));

        var waiting = EgressChild.RunAsync(harness, "introspect", "await", "2", "300");
        harness.WriteRoutes(Table, generation: 2);
        await child.SignalAsync("HUP");
        var said = await waiting;
        Assert.That((said.Code, (int?)JsonNode.Parse(said.Output)!["generation"]), Is.EqualTo((0, (int?)2)));

        await File.WriteAllTextAsync(harness.PathOf("routes.yaml"), "half: [");
        waiting = EgressChild.RunAsync(harness, "introspect", "await", "3", "300");
        // It has to have looked before; every refusal has a time of its own.
        while (!waiting.IsCompleted)
        {
            await child.SignalAsync("HUP");
            await Task.Delay(200);
        }
        said = await waiting;
        Assert.That((said.Code, (int?)JsonNode.Parse(said.Output)!["generation"]), Is.EqualTo((3, (int?)2)));
        Assert.That((string?)JsonNode.Parse(said.Output)!["reload_error"]!["reason"], Does.Contain("routes.yaml"));
    }

    [Test]
    public async Task It_says_what_is_wrong_and_fails()
    {
        await using var harness = await EgressHarness.StartAsync(Table);
        Assert.That((await EgressChild.RunAsync(harness, "healthcheck")).Code, Is.EqualTo(1), "nobody is running");
        Assert.That((await EgressChild.RunAsync(harness, "serve")).Code, Is.EqualTo(2));
        await File.WriteAllTextAsync(harness.PathOf("routes.yaml"), "half: [");
        var failed = await EgressChild.RunAsync(harness);
        Assert.That(failed.Code, Is.EqualTo(1));
        Assert.That(failed.Errors, Does.Contain("egress cannot start").And.Contain("not YAML"));
    }

    private static async Task WaitForHealthAsync(EgressHarness harness, Func<JsonNode, bool> fits)
    {
        var answer = "";
        for (var i = 0; i < 50; i++)
        {
            answer = (await EgressChild.RunAsync(harness, "introspect", "healthz")).Output;
            if (fits(JsonNode.Parse(answer)!))
            {
                return;
            }
            await Task.Delay(50);
        }
        Assert.Fail("health stayed " + answer);
    }
}
