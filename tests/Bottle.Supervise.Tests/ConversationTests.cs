using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tests;

/// <summary>What an agent sees, through the SDK's own client.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConversationTests
{
    private static readonly Dictionary<string, object?> Question = new() { ["url"] = "https://api.example.com/v1/items?page=2", ["reason"] = "the task lists items" };

    [TestCase(null)]
    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task Every_version_of_the_protocol_asks_and_is_answered(string? version)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync(version);
        Assert.That(client.NegotiatedProtocolVersion, Is.EqualTo(version ?? "2026-07-28"));
        var tools = await client.ListToolsAsync();
        Assert.That(tools.Select(tool => tool.Name), Is.EqualTo(new[] { "egress-block", "pipelock-block", "capability-block", "list-egress-routes" }));
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        Assert.That((proposal.Tool, proposal.Request, proposal.Reason), Is.EqualTo((ProposalTool.EgressBlock, new ProposedRequest("GET", "https://api.example.com/v1/items?page=2"), "the task lists items")));
        harness.Egress.Routes = [proposal.NarrowRoute!];
        harness.Operator.Answer(proposal, AnswerDecision.Applied, "fine", "30m");
        var result = await Eventually.EndsAsync(call);
        var answer = result.StructuredContent!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(result.IsError, Is.Not.True);
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("applied"));
            Assert.That(answer.GetProperty("proposal_id").GetString(), Is.EqualTo(proposal.Id));
            Assert.That(answer.GetProperty("reason").GetString(), Is.EqualTo("fine"));
            Assert.That(answer.GetProperty("lease").GetString(), Is.EqualTo("30m"));
            Assert.That(answer.GetProperty("granted").GetProperty("path_allowlist")[0].GetString(), Is.EqualTo("/v1/items"));
            Assert.That(answer.GetProperty("next").GetString(), Does.StartWith("Retry GET https://api.example.com/v1/items?page=2"));
            using var twin = JsonDocument.Parse(((TextContentBlock)result.Content[0]).Text);
            Assert.That(JsonElement.DeepEquals(twin.RootElement, answer), Is.True, "the text says the same");
        });
    }

    [TestCase("\\ud83d", "\ufffd")]
    [TestCase("\\uDE00x", "\ufffdx")]
    [TestCase("a\\ud83d\\ud83d\\ude00", "a\ufffd\U0001f600")]
    [TestCase("\\\\ud83d", "\\ud83d")]
    public async Task Half_a_character_is_shown_as_one_that_is_none(string sent, string read)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        var call = harness.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"egress-block\",\"arguments\":{\"url\":\"https://api.example.com/v1\",\"reason\":\"" + sent + "\"}}}");
        var proposal = await harness.Operator.WaitForOneAsync();
        Assert.That(proposal.Reason, Is.EqualTo(read));
        harness.Operator.Answer(proposal, AnswerDecision.Rejected, "no");
        using var answer = await Eventually.EndsAsync(call);
        Assert.That((bool?)(await SuperviseHarness.MessageOf(answer))["result"]!["isError"], Is.Not.True);
    }

    [Test]
    public async Task A_rejection_tells_why_and_not_to_ask_again()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        harness.Operator.Answer(await harness.Operator.WaitForOneAsync(), AnswerDecision.Rejected, "use the mirror");
        var answer = (await Eventually.EndsAsync(call)).StructuredContent!.Value;
        Assert.That((answer.GetProperty("status").GetString(), answer.GetProperty("reason").GetString()), Is.EqualTo(("rejected", "use the mirror")));
        Assert.That(answer.GetProperty("next").GetString(), Does.Contain("Do not ask for the same again"));
        Assert.That(answer.TryGetProperty("granted", out _), Is.False);
    }

    [Test]
    public async Task A_change_that_failed_says_that_nothing_changed()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        harness.Operator.Answer(proposal, AnswerDecision.Failed, "egress did not confirm");
        var answer = (await Eventually.EndsAsync(call)).StructuredContent!.Value;
        Assert.That((answer.GetProperty("status").GetString(), answer.GetProperty("reason").GetString()), Is.EqualTo(("failed", "egress did not confirm")));
    }

    [Test]
    public async Task What_was_granted_otherwise_is_what_egress_has_in_force()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        harness.Egress.Routes = [proposal.NarrowRoute! with { PathAllowlist = ["/v1/*"], Inspect = false }];
        harness.Operator.Answer(proposal, AnswerDecision.Applied, changed: true);
        var answer = (await Eventually.EndsAsync(call)).StructuredContent!.Value;
        Assert.That(answer.GetProperty("granted").GetProperty("path_allowlist")[0].GetString(), Is.EqualTo("/v1/*"));
        Assert.That(answer.GetProperty("granted").GetProperty("inspect").GetBoolean(), Is.False);
        Assert.That(answer.GetProperty("next").GetString(), Does.Contain("something else than the narrowest route"));
    }

    [Test]
    public async Task A_grant_that_does_not_cover_the_request_says_so()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        harness.Operator.Answer(await harness.Operator.WaitForOneAsync(), AnswerDecision.Applied, changed: true);
        var answer = (await Eventually.EndsAsync(call)).StructuredContent!.Value;
        Assert.That(answer.GetProperty("next").GetString(), Does.Contain("may still be refused"));
    }

    [Test]
    public async Task What_a_route_allows_already_is_said_at_once_and_nobody_is_asked()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        harness.Egress.Routes = [new Route { Host = "*.example.com" }];
        await using var client = await harness.ConnectAsync();
        var answer = (await client.CallToolAsync("egress-block", Question)).StructuredContent!.Value;
        Assert.That((answer.GetProperty("status").GetString(), answer.GetProperty("granted").GetProperty("host").GetString()), Is.EqualTo(("already_allowed", "*.example.com")));
        Assert.That(harness.Operator.Open, Is.Empty);
        var denied = client.CallToolAsync("egress-block", new Dictionary<string, object?>(Question) { ["method"] = "post" }).AsTask();
        Assert.That((await harness.Operator.WaitForOneAsync()).Request!.Method, Is.EqualTo("POST"), "another method is another question");
        harness.Operator.Answer(harness.Operator.Open[0], AnswerDecision.Rejected);
        await Eventually.EndsAsync(denied);
    }

    [Test]
    public async Task Without_egress_a_route_can_still_be_asked_for()
    {
        await using var harness = await SuperviseHarness.StartAsync(change: settings => settings with { Egress = new Uri("http://127.0.0.1:1") });
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        harness.Operator.Answer(await harness.Operator.WaitForOneAsync(), AnswerDecision.Applied);
        var answer = (await Eventually.EndsAsync(call)).StructuredContent!.Value;
        Assert.That(answer.GetProperty("granted").GetProperty("path_allowlist")[0].GetString(), Is.EqualTo("/v1/items"), "what was asked for, since it was not changed");
        var list = await client.CallToolAsync("list-egress-routes");
        Assert.That((list.IsError, ((TextContentBlock)list.Content[0]).Text), Is.EqualTo((true, "The routes are not known: egress cannot be reached. Try again in a moment; if it stays so, tell the user.")));
    }

    [Test]
    public async Task The_live_table_is_listed_as_egress_has_it()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        harness.Egress.Routes = [new Route { Host = "api.example.com", PathAllowlist = ["/v1/*"] }, new Route { Host = "*.example.org", Methods = null }];
        await using var client = await harness.ConnectAsync();
        var list = (await client.CallToolAsync("list-egress-routes")).StructuredContent!.Value;
        Assert.That(list.GetProperty("generation").GetInt32(), Is.EqualTo(3));
        Assert.That(list.GetProperty("routes").EnumerateArray().Select(route => route.GetProperty("host").GetString()), Is.EqualTo(new[] { "api.example.com", "*.example.org" }));
        Assert.That(list.GetProperty("routes")[0].GetProperty("client_auth").GetString(), Is.EqualTo("strip"), "nothing is left out");
    }

    [Test]
    public async Task Inspection_is_asked_for_only_where_a_route_inspects()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var question = new Dictionary<string, object?> { ["url"] = "https://files.example.com/upload/1", ["reason"] = "413 for a large file" };
        var none = await client.CallToolAsync("pipelock-block", question);
        Assert.That((none.IsError, ((TextContentBlock)none.Content[0]).Text), Is.EqualTo((true, "No route allows this host and port yet, so nothing of it is inspected; ask for the route first with egress-block.")));
        harness.Egress.Routes = [new Route { Host = "files.example.com", Inspect = false }];
        Assert.That((await client.CallToolAsync("pipelock-block", question)).StructuredContent!.Value.GetProperty("status").GetString(), Is.EqualTo("already_allowed"));
        Assert.That(harness.Operator.Open, Is.Empty);
        harness.Egress.Routes = [new Route { Host = "files.example.com" }];
        var call = client.CallToolAsync("pipelock-block", question).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        Assert.That((proposal.Tool, proposal.Request, proposal.NarrowRoute), Is.EqualTo((ProposalTool.PipelockBlock, new ProposedRequest(null, "https://files.example.com/upload/1"), (Route?)null)));
        Assert.That(proposal.Diff, Is.EqualTo("   - host: \"files.example.com\"\n-    inspect: true\n+    inspect: false\n"));
        harness.Operator.Answer(proposal, AnswerDecision.Applied);
        Assert.That((await Eventually.EndsAsync(call)).StructuredContent!.Value.GetProperty("next").GetString(), Is.EqualTo("Bodies to files.example.com are no longer inspected. Retry the refused request now to verify."));
    }

    [Test]
    public async Task Steps_for_the_image_are_recorded()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var call = client.CallToolAsync("capability-block", new Dictionary<string, object?> { ["steps"] = new[] { "RUN apt-get install -y ripgrep", "ENV A=b" }, ["reason"] = "search" }).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        Assert.That((proposal.Tool, proposal.Request, proposal.Diff), Is.EqualTo((ProposalTool.CapabilityBlock, (ProposedRequest?)null, "+RUN apt-get install -y ripgrep\n+ENV A=b\n")));
        Assert.That(proposal.Steps, Is.EqualTo(new[] { "RUN apt-get install -y ripgrep", "ENV A=b" }));
        harness.Operator.Answer(proposal, AnswerDecision.Rejected);
        await Eventually.EndsAsync(call);
    }

    [TestCase("egress-block", """{"url":"ftp://example.com/","reason":"r"}""", "This cannot be asked for: the URL does not start with https:// or http://.")]
    [TestCase("egress-block", """{"url":"https://example.com/a.git/git-receive-pack","method":"POST","reason":"r"}""", "git-gate")]
    [TestCase("egress-block", """{"url":"https://example.com/a/info/refs?service=git-receive-pack","reason":"r"}""", "git-gate")]
    [TestCase("egress-block", """{"url":"https://10.0.0.1/","reason":"r"}""", "IP address")]
    [TestCase("egress-block", """{"url":"https://egress/","reason":"r"}""", "has no dot")]
    [TestCase("egress-block", """{"url":"https://example.com/a/../b","reason":"r"}""", "This cannot be asked for")]
    [TestCase("egress-block", """{"url":"https://example.com/a/*","reason":"r"}""", "every path below it")]
    [TestCase("egress-block", """{"url":"https://example.com/a*b","reason":"r"}""", "'*' is only possible at the end")]
    [TestCase("egress-block", """{"url":"https://example.com/","method":"TRACE","reason":"r"}""", "TRACE is never forwarded")]
    [TestCase("egress-block", """{"url":"https://example.com/","method":"GET /x","reason":"r"}""", "a word of capital letters")]
    [TestCase("egress-block", """{"url":"https://example.com/?_method=DELETE","reason":"r"}""", "DELETE")]
    [TestCase("egress-block", """{"url":"https://example.com/"}""", "The argument 'reason' is missing or empty.")]
    [TestCase("egress-block", """{"url":"https://example.com/","reason":"  "}""", "The argument 'reason' is missing or empty.")]
    [TestCase("egress-block", """{"url":7,"reason":"r"}""", "The argument 'url' is not a text.")]
    [TestCase("egress-block", """{"url":"https://example.com/","reason":"r","path\u001b[2J":"/"}""", "There is no argument 'path\\u{1b}[2J'; the arguments are url, method, reason.")]
    [TestCase("pipelock-block", """{"url":"https://example.com/","method":"GET","reason":"r"}""", "There is no argument 'method'")]
    [TestCase("pipelock-block", """{"url":"http://example.com/","reason":"r"}""", "never inspected")]
    [TestCase("capability-block", """{"steps":[],"reason":"r"}""", "there is no step")]
    [TestCase("capability-block", """{"steps":"RUN x","reason":"r"}""", "The argument 'steps' is not a list of texts.")]
    [TestCase("capability-block", """{"steps":["RUN a","FROM other"],"reason":"r"}""", "step 2 is neither 'RUN command' nor 'ENV NAME=value'")]
    [TestCase("capability-block", """{"steps":["RUN --mount=type=bind,target=/x true"],"reason":"r"}""", "step 1 has an option")]
    [TestCase("capability-block", """{"steps":["RUN a\nFROM b"],"reason":"r"}""", "step 1 has a line break")]
    [TestCase("capability-block", """{"steps":["RUN a \\","FROM b"],"reason":"r"}""", "step 1 goes on in a next line")]
    [TestCase("list-egress-routes", """{"host":"x"}""", "There is no argument 'host'; this tool has none.")]
    public async Task What_cannot_be_asked_is_an_error_that_says_why_and_no_proposal(string tool, string arguments, string expected)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var result = await client.CallToolAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!);
        Assert.That((result.IsError, harness.Operator.Open.Count), Is.EqualTo((true, 0)));
        Assert.That(((TextContentBlock)result.Content.Single()).Text, Does.Contain(expected));
    }

    [Test]
    public async Task An_unknown_tool_is_an_error_of_the_protocol()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        Assert.That(async () => await client.CallToolAsync("approve"), Throws.TypeOf<McpProtocolException>().With.Property("ErrorCode").EqualTo(McpErrorCode.InvalidParams));
    }
}
