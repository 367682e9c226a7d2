using System.Net;
using System.Text.Json.Nodes;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Tests;

/// <summary>What a run may use in all (SPEC N10): requests and minutes, over reloads, kills and broken files.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BudgetTests
{
    private const string Table = "  - {host: api.demo.test}";

    [Test]
    public async Task A_spent_budget_is_refused_with_the_kind_and_the_way_out_and_introspection_goes_on()
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 2, tokens: 1000000}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        var refused = await egress.AskAsync("api.demo.test", "GET /x\nUser-Agent: git/2.50");
        Assert.That((refused.Status, refused.Code, refused.Header("content-type")), Is.EqualTo((403, "BTL6029", "text/plain; charset=utf-8")), refused.Body);
        Assert.That(refused.Reason, Is.EqualTo("the budget of this run is spent (2 of 2 requests); the operator may extend it"));
        Assert.That((string?)JsonNode.Parse(refused.Body)!["error"], Is.EqualTo("budget_spent"));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(2));
        var line = await egress.Log.FindAsync(l => (string?)l["path"] == "/x");
        Assert.That(((string?)line["code"], (string?)line["decision"], (int?)line["status"]), Is.EqualTo(("BTL6029", "denied", (int?)403)));

        var report = await egress.IntrospectAsync("budget");
        Assert.That(report["requests"]!.ToJsonString(), Is.EqualTo("""{"used":2,"limit":2,"state":"spent"}"""));
        Assert.That(report["tokens"]!.ToJsonString(), Is.EqualTo("""{"used":0,"limit":1000000,"state":"ok"}"""));
        Assert.That(report["bytes"]!.ToJsonString(), Is.EqualTo("""{"used":4,"limit":null,"state":"ok"}"""), "'ok', twice");
        Assert.That((await egress.IntrospectAsync("explain?url=https%3A%2F%2Fapi.demo.test%2F&method=GET"))["code"]!.ToString(), Is.EqualTo("BTL6029"));
        await using var control = new ControlSocketClient(egress.Settings.ControlSocket);
        Assert.That(JsonNode.Parse(await control.AskAsync("/budget"))!["requests"]!["state"]!.ToString(), Is.EqualTo("spent"));
        Assert.That(egress.KeptBudget!.Requests, Is.EqualTo(2), "what was said to be spent is on disk");
    }

    [Test]
    public async Task What_the_operator_hears_is_on_disk_and_an_agent_that_asks_makes_egress_write_nothing()
    {
        // No clock moves, so that nothing is written because a second has gone by.
        await using var egress = await EgressHarness.StartAsync(Table, clock: new ManualClock(), budget: "{requests: 100}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        Assert.That((await egress.IntrospectAsync("budget"))["requests"]!["used"]!.GetValue<long>(), Is.EqualTo(1));
        Assert.That(egress.KeptBudget?.Requests ?? 0, Is.Zero);
        await using var control = new ControlSocketClient(egress.Settings.ControlSocket);
        Assert.That(JsonNode.Parse(await control.AskAsync("/budget"))!["requests"]!["used"]!.GetValue<long>(), Is.EqualTo(1));
        Assert.That(egress.KeptBudget!.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Requests_at_once_never_share_the_last_one()
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 3}");
        using var client = egress.CreateHttpClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync(new Uri("https://api.demo.test/"))));
        Assert.That(answers.Select(a => a.StatusCode).Order().Distinct(), Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.Forbidden }));
        Assert.That(answers.Count(a => a.StatusCode == HttpStatusCode.OK), Is.EqualTo(3));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task What_egress_refuses_by_itself_costs_nothing_and_takes_no_lease()
    {
        const string table = "  - {host: api.demo.test, methods: [GET, POST], lease: {id: grant-1, uses: 1}}";
        await using var egress = await EgressHarness.StartAsync(table, change: settings => settings with { InspectMaxBody = 10 }, budget: "{requests: 1}");
        Assert.That((await egress.AskAsync("api.demo.test", "PUT /")).Code, Is.EqualTo("BTL6004"));
        Assert.That((await egress.AskAsync("other.demo.test", "GET /")).Code, Is.EqualTo("BTL6001"));
        Assert.That((await egress.IntrospectAsync("budget"))["requests"]!["used"]!.GetValue<long>(), Is.Zero);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        egress.Extend(table.Replace("uses: 1", "uses: 2", StringComparison.Ordinal), "{requests: 1}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6029"));
        Assert.That((await egress.AskAsync("other.demo.test", "GET /")).Code, Is.EqualTo("BTL6001"), "what no route allows is said first");
        Assert.That((await egress.IntrospectAsync("allowlist"))["routes"]![0]!["lease"]!["uses_left"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_higher_limit_admits_again_at_once_and_a_reload_takes_no_count_away()
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 1}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6029"));
        egress.Extend(Table, "{requests: 2}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Code, Is.EqualTo("BTL6029"));
        egress.Extend(Table, null, 3);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200), "without a budget nothing is limited");
        egress.Extend(Table, "{requests: 3}", 4);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Reason, Does.Contain("3 of 3 requests"), "and counts go on");
    }

    [Test]
    public async Task A_killed_egress_comes_back_with_what_was_used()
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 2, minutes: 60}");
        await using (var child = await EgressChild.StartAsync(egress))
        {
            Assert.That((await child.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
            Assert.That((await child.AskAsync("api.demo.test")).Status, Is.EqualTo(200));
            Assert.That((await child.AskAsync("api.demo.test")).Code, Is.EqualTo("BTL6029"));
            await child.SignalAsync("KILL");
            await child.WaitForExitAsync();
        }
        await using var second = await EgressChild.StartAsync(egress);
        Assert.That((await second.AskAsync("api.demo.test")).Code, Is.EqualTo("BTL6029"));
        var (code, output, _) = await EgressChild.RunAsync(egress, "introspect", "budget");
        Assert.That((code, BudgetFormat.ReadReport(System.Text.Encoding.UTF8.GetBytes(output.Trim()))?.Requests), Is.EqualTo((0, new BudgetLine(2, 2, BudgetState.Spent))));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Counts_are_written_at_most_once_a_second_and_at_the_end()
    {
        var clock = new ManualClock();
        var egress = await EgressHarness.StartAsync(Table, clock: clock, budget: "{requests: 100}");
        await using var ownership = egress;
        await egress.AskAsync("api.demo.test", "GET /");
        await egress.AskAsync("api.demo.test", "GET /");
        Assert.That(egress.KeptBudget, Is.Null, "the second is not over");
        await clock.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.That(egress.KeptBudget!.Requests, Is.EqualTo(2));
        await egress.AskAsync("api.demo.test", "GET /");
        Assert.That(egress.KeptBudget!.Requests, Is.EqualTo(2));
        await egress.Server.DisposeAsync();
        Assert.That(egress.KeptBudget!.Requests, Is.EqualTo(3));
    }

    [TestCase("")]
    [TestCase("{\"started\":\"2026-01-31T12:00:00Z\",\"requests\":1")]
    [TestCase("{\"started\":\"2026-01-31T12:00:00Z\",\"requests\":-1,\"bytes\":0,\"tokens\":0,\"unread_answers\":0}")]
    [TestCase("{}")]
    [TestCase("null")]
    public async Task Counts_that_cannot_be_read_are_refused_and_not_taken_for_none(string text)
    {
        await using var egress = await EgressHarness.StartAsync(Table, budget: "{requests: 3}", change: settings =>
        {
            File.WriteAllText(settings.Budget, text);
            return settings;
        });
        var refused = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((503, "BTL6030")), refused.Body);
        Assert.That(egress.Upstream.Requests, Is.Empty);
        Assert.That((string?)(await egress.IntrospectAsync("budget"))["error"], Does.Contain("budget.json"));
        egress.Extend(Table, null);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200), "without a budget nothing depends on it");
        Assert.That(await File.ReadAllTextAsync(egress.Settings.Budget), Is.EqualTo(text), "evidence stays");
        await File.WriteAllTextAsync(egress.Settings.Budget, "{\"started\":\"2026-01-31T12:00:00Z\",\"requests\":1,\"bytes\":0,\"tokens\":0,\"unread_answers\":0}");
        egress.Extend(Table, "{requests: 3}", 3);
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200), "an operator's repair counts after a reload");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Reason, Does.Contain("3 of 3 requests"), "one before, one meanwhile, one since");
    }

    [Test]
    public async Task Counts_that_cannot_be_written_down_let_nothing_out_until_they_can()
    {
        var clock = new JumpingClock();
        await using var egress = await EgressHarness.StartAsync(Table, clock: clock, budget: "{requests: 100000}");
        // A folder in the place of the file that is written beside.
        Directory.CreateDirectory(egress.Settings.Budget + ".new");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        await EventuallyAsync(async () => (await egress.AskAsync("api.demo.test", "GET /")).Code == "BTL6030");
        Directory.Delete(egress.Settings.Budget + ".new");
        await EventuallyAsync(async () => (await egress.AskAsync("api.demo.test", "GET /")).Status == 200);
    }

    [Test]
    public async Task Minutes_count_from_the_first_start_and_a_restart_does_not_begin_anew()
    {
        var clock = new ShiftedClock();
        await using var egress = await EgressHarness.StartAsync(Table, clock: clock, budget: "{minutes: 10}");
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
        await egress.Server.DisposeAsync();
        clock.Advance(TimeSpan.FromMinutes(8));
        await using (var second = await Hosting.EgressServer.StartAsync(egress.Settings, Stream.Null, clock))
        {
            Assert.That(second.Policy.Budget.Report().Minutes, Is.EqualTo(new BudgetLine(8, 10, BudgetState.Warning)));
            Assert.That(second.Policy.Budget.TryTakeRequest(), Is.Null);
            clock.Advance(TimeSpan.FromMinutes(2));
            Assert.That(second.Policy.Budget.TryTakeRequest()?.Reason, Is.EqualTo("the budget of this run is spent (10 of 10 minutes); the operator may extend it"));
        }
    }

    [TestCase(10, true)]
    [TestCase(20, false)]
    public async Task A_stream_ends_with_the_minutes_unless_they_were_extended(int extended, bool isCut)
    {
        var clock = new JumpingClock();
        await using var egress = await EgressHarness.StartAsync(Table, clock: clock, budget: "{minutes: 10}");
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        egress.Upstream.Handler = async http =>
        {
            http.RequestAborted.Register(() => gone.TrySetResult());
            await http.Response.Body.WriteAsync("first"u8.ToArray());
            await Task.WhenAny(more.Task, gone.Task);
            await http.Response.Body.WriteAsync("second"u8.ToArray());
        };
        using var client = egress.CreateHttpClient();
        using var response = await client.GetAsync(new Uri("https://api.demo.test/stream"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[5]);
        egress.Extend(Table, $"{{minutes: {extended}}}");
        clock.Advance(TimeSpan.FromMinutes(10));
        if (isCut)
        {
            Assert.That(async () => await body.ReadExactlyAsync(new byte[1]), Throws.InstanceOf<IOException>().And.Not.InstanceOf<EndOfStreamException>(), "it does not look whole");
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.That((string?)(await egress.Log.FindAsync(l => (string?)l["path"] == "/stream"))["reason"], Is.EqualTo("cut: the budget of this run is spent (10 of 10 minutes); the operator may extend it"));
            return;
        }
        more.SetResult();
        await body.ReadExactlyAsync(new byte[6]);
        await egress.Log.FindAsync(l => (string?)l["path"] == "/stream" && l["reason"] is null);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var end = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < end; await Task.Delay(50))
        {
            if (await condition())
            {
                return;
            }
        }
        Assert.Fail("it did not happen");
    }
}
