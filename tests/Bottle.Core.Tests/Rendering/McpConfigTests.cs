using System.Text.Json.Nodes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class McpConfigTests
{
    private static BottlePlan Supervised => GoldenTests.Plan("supervise-and-provider");

    [Test]
    public void What_an_agent_has_set_itself_stays()
    {
        const string own = """{"theme":"dark","mcpServers":{"mine":{"command":"x"},"supervise":{"url":"http://old/"}},"projects":{"/work":{"allowedTools":["Bash"],"hasTrustDialogAccepted":false},"/else":{}}}""";
        var file = JsonNode.Parse(McpConfig.Claude(Supervised, own, "/work"))!;
        Assert.That((string?)file["theme"], Is.EqualTo("dark"));
        Assert.That(file["mcpServers"]!["mine"]!.ToJsonString(), Is.EqualTo("""{"command":"x"}"""));
        Assert.That((string?)file["mcpServers"]!["supervise"]!["url"], Is.EqualTo("http://supervise:9100/mcp"));
        Assert.That(file["projects"]!.ToJsonString(), Is.EqualTo("""{"/work":{"allowedTools":["Bash"],"hasTrustDialogAccepted":true},"/else":{}}"""));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\"a\":")]
    [TestCase("{} {}")]
    public void What_is_no_object_counts_as_nothing(string? own) => Assert.That(McpConfig.Claude(Supervised, own), Is.EqualTo(McpConfig.Claude(Supervised)));

    [Test]
    public void Keys_of_another_kind_are_replaced() =>
        Assert.That(McpConfig.Claude(Supervised, """{"mcpServers":[],"projects":7}"""), Does.Contain("http://supervise:9100/mcp").And.Contain("hasTrustDialogAccepted"));

    [Test]
    public void Merging_twice_is_merging_once()
    {
        var once = McpConfig.Claude(Supervised, """{"x":[1]}""");
        Assert.That(McpConfig.Claude(Supervised, once), Is.EqualTo(once));
    }

    [Test]
    public void Without_supervise_no_server_is_named() => Assert.That(McpConfig.Claude(GoldenTests.Plan("provider")), Does.Not.Contain("mcpServers"));

    [Test]
    public void Other_agents_get_the_plain_file_alone()
    {
        var paths = Renderer.Render(GoldenTests.Plan("supervise")).Select(f => f.Path);
        Assert.That(paths, Does.Contain(StateLayout.AgentMcp).And.Not.Contain(StateLayout.AgentClaudeConfig));
    }
}
