using Bottle.Core.Linting.Checks;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;
using Bottle.Core.Tests.Rendering;
using NUnit.Framework;

namespace Bottle.Core.Tests.Linting;

/// <summary>What of the operator's directories a container may see: the one that was named, in the agent alone.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WorkspaceLintTests
{
    [TestCase("workspace-mount", "/home/ada/other", "/work/app", false, "BTL9006")]
    [TestCase("workspace-mount", "/home/ada", "/work/app", false, "BTL9006")]
    [TestCase("workspace-mount", "/home/ada/app", "/etc", false, "BTL9006")]
    [TestCase("workspace-mount", "/home/ada/app/.git", "/work/app/.git", false, "BTL9006")]
    [TestCase("workspace-mount", "/home/ada/app/.git", "/work/app/.git", true, null)]
    [TestCase("workspace-copy", "./agent/input", "/work/My--app", false, "BTL9006")]
    [TestCase("workspace-copy", "./work", "/work/x", true, "BTL9006")]
    [TestCase("no-routes", "./agent/work", "/work/x", false, "BTL9006")]
    public void The_agent_sees_the_named_directory_and_no_other(string name, string source, string target, bool readOnly, string? code) =>
        Assert.That(Findings(name, "agent", new ComposeMount(source, target, readOnly)), Is.EqualTo(code is null ? [] : new[] { code }));

    [Test]
    public void Nobody_but_the_agent_sees_it() =>
        Assert.That(Findings("workspace-mount", "egress", new ComposeMount("/home/ada/app", "/work/app")), Is.EqualTo(new[] { "BTL9006" }));

    private static IEnumerable<string> Findings(string name, string service, ComposeMount mount)
    {
        var plan = GoldenTests.Plan(name);
        var compose = ComposeFile.From(plan);
        var changed = compose with { Services = [.. compose.Services.Select(s => s.Name == service ? s with { Mounts = [.. s.Mounts, mount] } : s)] };
        return new MountsStayInTheRun().Run(plan, changed).Select(finding => finding.Code);
    }
}
