using System.Text.Json;

namespace Bottle.Scenarios.Supervise;

/// <summary>The real Claude Code asks, an operator answers, and the bottle changes while it runs (issue 5): what the agent saw, what arrived outside, and what was recorded.</summary>
[RequiresEngine]
internal sealed class ClaudeScenarios
{
    private const string Notes = "https://api.demo.test/v1/notes";
    private static readonly (string, object) Fetch = ("Bash", new { command = $"curl -sS -w ' status %{{http_code}}' {Notes}", description = "Read the notes" });
    private static readonly (string, object) Ask = ("mcp__supervise__egress-block", new { url = Notes, method = "GET", reason = "The task needs the notes" });

    [OneTimeSetUp]
    public static async Task Image()
    {
        if (await ClaudeBottle.MakeImageAsync() is { } why) MachineNeeds.AreMissing($"Claude Code cannot be fetched, npm is not reachable from image builds: {why}");
    }

    [Test]
    public async Task Claude_is_refused_asks_waits_is_granted_and_its_retry_succeeds()
    {
        await using var bottle = new ClaudeBottle();
        await bottle.StartAsync(Fetch, Ask, Fetch);
        var asked = await bottle.AskedAsync();
        Assert.That(asked.GetProperty("reason").GetString(), Is.EqualTo("The task needs the notes"));
        await bottle.ApproveAsync(asked);

        var messages = await bottle.EndAsync();
        AssertThatItCouldAsk(messages[0]);
        var results = Results(messages);
        Assert.That(results, Has.Count.EqualTo(3));
        Assert.That(results[0], Does.Contain("status 403").And.Contain("BTL6001").And.Contain("egress-block"));
        Assert.That(results[1], Does.Contain("applied"));
        Assert.That(results[2], Does.Contain("status 200").And.Contain("\"saw\""));

        var arrived = await bottle.UpstreamAsync(2, "https");
        Assert.That(arrived.Select(hit => hit.GetProperty("path").GetString()), Is.EqualTo(["/v1/notes"]), "the refused request never left");
        await AssertThatTheModelSawTheOperatorsTokenAsync(bottle, turns: 4);
        Assert.That(await DecisionsAsync(bottle), Is.EqualTo([(1, "denied"), (2, "allowed")]));
        Assert.That((await bottle.AuditAsync()).Select(line => line.GetProperty("event").GetString()), Is.SupersetOf(["approved", "applied"]));
        Assert.That((await bottle.RunAsync("--target=VerifyAudit", $"--bottle={bottle.Identity}")).Code, Is.Zero);
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    [Test]
    public async Task Claude_is_refused_asks_and_reads_why_the_operator_says_no()
    {
        await using var bottle = new ClaudeBottle();
        await bottle.StartAsync(Fetch, Ask, Fetch);
        var asked = await bottle.AskedAsync();
        var (code, output, error) = await bottle.RunAsync("--target=Reject", $"--bottle={bottle.Identity}", $"--proposal={asked.GetProperty("id").GetString()}", "--reason=Use the copy in docs/ instead");
        Assert.That(code, Is.Zero, output + error);

        var results = Results(await bottle.EndAsync());
        Assert.That(results, Has.Count.EqualTo(3));
        Assert.That(results[1], Does.Contain("rejected").And.Contain("Use the copy in docs/ instead"));
        Assert.That(results[2], Does.Contain("status 403"));

        Assert.That(await bottle.UpstreamAsync(2, "https"), Is.Empty, "nothing left");
        Assert.That(await DecisionsAsync(bottle), Is.EqualTo([(1, "denied"), (1, "denied")]));
        var events = (await bottle.AuditAsync()).Select(line => line.GetProperty("event").GetString()).ToList();
        Assert.That(events, Has.Member("rejected").And.No.Member("applied"));
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    // Without a word from supervise Claude Code gives up after five and a half minutes.
    [Test, Explicit("takes seven minutes: dotnet cake --target=Soak --suite=supervise"), Category("Soak")]
    public async Task Claude_waits_for_an_operator_who_is_silent_for_six_minutes()
    {
        await using var bottle = new ClaudeBottle();
        await bottle.StartAsync(Fetch, Ask, Fetch);
        var asked = await bottle.AskedAsync();
        await Task.Delay(TimeSpan.FromMinutes(6.5));
        await bottle.ApproveAsync(asked);
        var results = Results(await bottle.EndAsync());
        Assert.That(results, Has.Count.EqualTo(3));
        Assert.That(results[1], Does.Contain("applied"));
        Assert.That(results[2], Does.Contain("status 200"));
        Assert.That((await bottle.AuditAsync()).Count(line => line.GetProperty("event").GetString() == "approved"), Is.EqualTo(1));
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    private static void AssertThatItCouldAsk(JsonElement init)
    {
        Assert.That(init.GetProperty("mcp_servers").EnumerateArray().Select(server => $"{server.GetProperty("name")} {server.GetProperty("status")}"), Is.EqualTo(["supervise connected"]));
        Assert.That(init.GetProperty("tools").EnumerateArray().Select(tool => tool.GetString()), Is.SupersetOf(
            ["mcp__supervise__egress-block", "mcp__supervise__pipelock-block", "mcp__supervise__capability-block", "mcp__supervise__list-egress-routes"]));
    }

    // The agent holds the word 'placeholder'; what arrives is the operator's token, and nothing else that could pay.
    private static async Task AssertThatTheModelSawTheOperatorsTokenAsync(ClaudeBottle bottle, int turns)
    {
        var requests = await bottle.UpstreamAsync(1, "messages");
        Assert.That(requests, Has.Count.EqualTo(turns));
        foreach (var headers in requests.Select(request => request.GetProperty("headers")))
        {
            Assert.That(headers.GetProperty("Authorization").GetString(), Is.EqualTo($"sha256:{ClaudeBottle.Fingerprint(ClaudeBottle.Token)}"));
            Assert.That(headers.TryGetProperty("X-Api-Key", out _), Is.False);
        }
    }

    /// <summary>What the tools of the agent answered, as the agent got it.</summary>
    private static List<string> Results(IReadOnlyList<JsonElement> messages) =>
    [
        .. messages.Where(message => message.GetProperty("type").GetString() == "user")
            .SelectMany(message => message.GetProperty("message").GetProperty("content").EnumerateArray())
            .Where(block => block.GetProperty("type").GetString() == "tool_result")
            .Select(block => block.GetProperty("content") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : string.Concat(block.GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()))),
    ];

    /// <summary>Egress's own record of the requests for the notes: the generation that judged, and how.</summary>
    private static async Task<IEnumerable<(int, string?)>> DecisionsAsync(ClaudeBottle bottle) =>
        from request in await bottle.RequestsAsync()
        where request.GetProperty("path").GetString() == "/v1/notes"
        select (request.GetProperty("generation").GetInt32(), request.GetProperty("decision").GetString());
}
