using System.Text.Json.Nodes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class HomeFileTests
{
    private static readonly HomeFile Supervised = Of("supervise-and-provider", ".claude.json");
    private static readonly HomeFile Instructions = Of("provider", ".claude/CLAUDE.md");

    [Test]
    public void What_an_agent_has_set_itself_stays()
    {
        const string own = """{"theme":"dark","mcpServers":{"mine":{"command":"x"},"supervise":{"url":"http://old/"}},"projects":{"/work":{"allowedTools":["Bash"],"hasTrustDialogAccepted":false},"/else":{}}}""";
        var file = JsonNode.Parse(HomeFileRenderer.Render(Supervised, own, "/work"))!;
        Assert.That((string?)file["theme"], Is.EqualTo("dark"));
        Assert.That(file["mcpServers"]!["mine"]!.ToJsonString(), Is.EqualTo("""{"command":"x"}"""));
        Assert.That((string?)file["mcpServers"]!["supervise"]!["url"], Is.EqualTo("http://supervise:9100/mcp"));
        Assert.That(file["projects"]!.ToJsonString(), Is.EqualTo("""{"/work":{"allowedTools":["Bash"],"hasTrustDialogAccepted":true},"/else":{}}"""));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\"a\":")]
    [TestCase("{} {}")]
    public void What_is_no_object_counts_as_nothing(string own) => Assert.That(HomeFileRenderer.Render(Supervised, own), Is.EqualTo(HomeFileRenderer.Render(Supervised)));

    [Test]
    public void Keys_of_another_kind_are_replaced() =>
        Assert.That(HomeFileRenderer.Render(Supervised, """{"mcpServers":[],"projects":7}"""), Does.Contain("http://supervise:9100/mcp").And.Contain("hasTrustDialogAccepted"));

    [Test]
    public void A_key_that_stands_twice_below_is_replaced() =>
        Assert.That(HomeFileRenderer.Render(Supervised, """{"theme":"dark","projects":{"a":1,"a":2}}"""), Does.Contain("\"theme\": \"dark\"").And.Contain("hasTrustDialogAccepted"));

    [Test]
    public void Merging_twice_is_merging_once()
    {
        var once = HomeFileRenderer.Render(Supervised, """{"x":[1]}""");
        Assert.That(HomeFileRenderer.Render(Supervised, once), Is.EqualTo(once));
    }

    [Test]
    public void Without_supervise_no_server_is_named() => Assert.That(HomeFileRenderer.Render(Of("provider", ".claude.json")), Does.Not.Contain("mcpServers"));

    [Test]
    public void Text_has_its_parts_in_their_order_and_stays_as_it_is_where_it_is()
    {
        var file = Of("supervise-and-codex", ".codex/config.toml");
        Assert.That(HomeFileRenderer.Render(file, null, "/work"), Does.Match("(?s)projects.\"/work\".*mcp_servers.*http://supervise:9100/mcp"));
        Assert.That(HomeFileRenderer.Render(file, "model = \"mine\"\n"), Is.EqualTo("model = \"mine\"\n"));
    }

    [Test]
    public void Instructions_come_before_those_that_are_there_and_once()
    {
        var once = HomeFileRenderer.Render(Instructions, "Be brief.\n");
        Assert.That(once, Is.EqualTo("Work through the issue list.\n\nBe brief.\n"));
        Assert.That(HomeFileRenderer.Render(Instructions, once), Is.EqualTo(once));
    }

    [Test]
    public void A_prompt_that_speaks_of_our_words_stays_as_it_is() =>
        Assert.That(HomeFileRenderer.Render(Instructions with { Text = "Say {workdir}.\n" }, null, "/work"), Is.EqualTo("Say {workdir}.\n"));

    // Whatever an agent has written into its own file, the operator's side neither fails nor changes it a second time.
    [Test]
    public void Any_text_is_merged_and_stays_merged() => Prop.ForAll<NonNull<string>>(own =>
    {
        var once = HomeFileRenderer.Render(Supervised, own.Get);
        return HomeFileRenderer.Render(Supervised, once) == once && JsonNode.Parse(once)!["hasCompletedOnboarding"]!.GetValue<bool>();
    }).QuickCheckThrowOnFailure();

    private static HomeFile Of(string name, string path) => GoldenTests.Plan(name).Agent.HomeFiles.Single(file => file.Path == path);
}
