using Bottle.Core.Diagnostics;

namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class CommandLineTests
{
    private static readonly string[] Targets = [.. TaskRegistration.TaskTypes.Select(TaskRegistration.NameOf)];

    [TestCase("../x")]
    [TestCase("/etc")]
    [TestCase("demo")]
    [TestCase("demo-K3X9A")]
    [TestCase("demo-k3x9a/..")]
    [TestCase("")]
    [TestCase(null)]
    public void Every_target_refuses_a_bottle_that_is_no_identity(string? text)
    {
        foreach (var target in Targets)
            Assert.That(Codes(("target", target), ("bottle", text)), Is.EqualTo(new[] { "BTL3101" }), target);
    }

    [Test]
    public void An_identity_is_taken() => Assert.That(Codes(("target", "Cleanup"), ("bottle", "demo-k3x9a")), Is.Empty);

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.That(Codes(("target", "Clean"), ("agnet", "demo"), ("bottle", "x"), ("format", "xml")), Is.EquivalentTo(new[] { "BTL0001", "BTL0003", "BTL0004", "BTL3101" }));

    [Test]
    public void Only_stages_can_be_forced()
    {
        Assert.That(Codes(("target", "Start"), ("force", "renderegress")), Is.Empty);
        Assert.That(Codes(("target", "Start"), ("force", "List")), Is.EqualTo(new[] { "BTL0003" }));
    }

    [Test]
    public void Two_targets_cannot_share_one_document()
    {
        Assert.That(Codes(("target", "List"), ("target", "Plan"), ("format", "json")), Is.EqualTo(new[] { "BTL0010" }));
        Assert.That(Codes(("target", "List"), ("target", "Plan")), Is.Empty);
    }

    private static IReadOnlyList<string> Codes(params (string Name, string? Value)[] arguments)
    {
        try
        {
            CommandLine.Check(new BottleArguments(arguments.GroupBy(argument => argument.Name).Select(group => KeyValuePair.Create(group.Key, group.Select(argument => argument.Value))), []), Targets);
            return [];
        }
        catch (BottleException refused)
        {
            return [.. refused.Diagnostics.Select(diagnostic => diagnostic.Code)];
        }
    }
}
