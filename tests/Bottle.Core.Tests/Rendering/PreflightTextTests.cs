using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class PreflightTextTests
{
    [Test]
    public void What_a_manifest_writes_is_inert_on_a_terminal()
    {
        var request = Samples.Launch(null, "sh", "-c", "echo \u001b]0;x\u0007 \u202e\nbottle  harmless");
        var text = PreflightText.Render(Samples.Plan(request));
        Assert.That(text, Does.Contain("echo ␛]0;x␇ \ufffd␊bottle  harmless"));
        Assert.That(text.Where(c => c != '\n' && char.IsControl(c)), Is.Empty);
    }

    [Test]
    public void Every_host_variable_that_enters_the_agent_is_listed()
    {
        var bottle = Samples.Bottle() with { Environment = [Samples.FromHost("B", "HOST_B"), Samples.FromHost("A", "HOST_A"), Samples.FromHost("C", "HOST_A")] };
        Assert.That(PreflightText.Render(Samples.Plan(Samples.Launch(bottle), Samples.Facts("HOST_A", "HOST_B"))), Does.Contain("HOST_A, HOST_B\n"));
    }

    [Test]
    public void No_line_has_trailing_blanks() =>
        Assert.That(PreflightText.Render(GoldenTests.Plan("manifest")).Split('\n'), Has.None.Matches<string>(line => line!.EndsWith(' ')));
}
