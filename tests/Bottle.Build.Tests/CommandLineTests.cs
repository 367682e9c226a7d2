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
            Assert.That(Codes(("target", target), ("bottle", text)), Is.EqualTo(new[] { "BTL0012" }), target);
    }

    [Test]
    public void An_identity_is_taken() => Assert.That(Codes(("target", "Cleanup"), ("bottle", "demo-k3x9a")), Is.Empty);

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.That(Codes(("target", "Clean"), ("agnet", "demo"), ("bottle", "x"), ("format", "xml")), Is.EquivalentTo(new[] { "BTL0001", "BTL0003", "BTL0004", "BTL0012" }));

    [Test]
    public void Only_stages_can_be_forced()
    {
        Assert.That(Codes(("target", "Start"), ("force", "renderegress")), Is.Empty);
        Assert.That(Codes(("target", "Start"), ("force", "List")), Is.EqualTo(new[] { "BTL0003" }));
    }

    [TestCase("3x")]
    [TestCase("30m")]
    [TestCase("run")]
    [TestCase("3", "BTL0013")]
    [TestCase("31d", "BTL0013")]
    [TestCase("soon", "BTL0013")]
    public void A_lease_that_cannot_be_read_is_refused_before_anything_is_looked_at(string text, params string[] codes) =>
        Assert.That(Codes(("target", "Approve"), ("lease", text)), Is.EqualTo(codes));

    [TestCase("requests", "+5000")]
    [TestCase("bytes", "6GB")]
    [TestCase("bytes", "5", "BTL0015")]
    [TestCase("minutes", "-5", "BTL0015")]
    [TestCase("tokens", "lots", "BTL0015")]
    public void An_amount_of_a_budget_that_cannot_be_read_is_refused_before_anything_is_looked_at(string kind, string text, params string[] codes) =>
        Assert.That(Codes(("target", "Extend"), (kind, text)), Is.EqualTo(codes));

    [TestCase("implementer", true)]
    [TestCase("../x", false)]
    public void Who_names_an_agent_where_an_identity_belongs_is_told_so(string text, bool isAgentName)
    {
        var refused = Assert.Throws<BottleException>(() => CommandLine.Check(Arguments(("target", "Stop"), ("bottle", text)), Targets))!;
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Diagnostics[0].Fix, isAgentName ? Does.Contain("--agent=implementer") : Does.Not.Contain("--agent"));
    }

    [Test]
    public void Two_targets_cannot_share_one_document()
    {
        Assert.That(Codes(("target", "List"), ("target", "Plan"), ("format", "json")), Is.EqualTo(new[] { "BTL0010" }));
        Assert.That(Codes(("target", "List"), ("target", "Plan")), Is.Empty);
    }

    private static BottleArguments Arguments(params (string Name, string? Value)[] arguments) =>
        new(arguments.GroupBy(argument => argument.Name).ToDictionary(group => group.Key, group => (ICollection<string?>)[.. group.Select(argument => argument.Value)]), []);

    private static IReadOnlyList<string> Codes(params (string Name, string? Value)[] arguments)
    {
        try
        {
            CommandLine.Check(Arguments(arguments), Targets);
            return [];
        }
        catch (BottleException refused)
        {
            return [.. refused.Diagnostics.Select(diagnostic => diagnostic.Code)];
        }
    }
}
