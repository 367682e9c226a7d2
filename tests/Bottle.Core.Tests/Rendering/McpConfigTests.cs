using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class McpConfigTests
{
    [Test]
    public void An_agent_without_a_provider_gets_the_plain_file_alone()
    {
        var paths = Renderer.Render(GoldenTests.Plan("supervise")).Select(f => f.Path).ToList();
        Assert.That(paths, Does.Contain(StateLayout.AgentMcp));
        Assert.That(paths.Where(path => path.StartsWith(StateLayout.AgentHomeFile(""), StringComparison.Ordinal)), Is.Empty);
    }
}
