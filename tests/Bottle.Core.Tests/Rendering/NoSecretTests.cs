using System.Reflection;
using Bottle.Contracts.Routes;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

/// <summary>A plan holds names of secrets and has no place for a value.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class NoSecretTests
{
    [Test]
    public void Planning_is_given_no_value_of_the_host()
    {
        // Names that are set, and nothing keyed by them: the planner cannot leak what it never gets.
        var values = typeof(HostFacts).GetProperties().Where(p => p.PropertyType.IsAssignableTo(typeof(System.Collections.IDictionary))
            || p.PropertyType.Name.Contains("Dictionary", StringComparison.Ordinal));
        // Registries are URLs by preset; what of them could be a secret has its own test below.
        Assert.That(values.Select(p => p.Name), Is.EqualTo([nameof(HostFacts.Registries)]));
        Assert.That(typeof(HostFacts).GetProperty(nameof(HostFacts.Variables))!.PropertyType, Is.EqualTo(typeof(IReadOnlySet<string>)));
    }

    [Test]
    public void A_registrys_password_reaches_no_plan_and_no_message()
    {
        foreach (var url in new[] { "https://me:hunter2@npm.example.com/x?key=hunter2", "http://me:hunter2@npm.example.com:8080/" })
        {
            var facts = Samples.Facts() with { Registries = new Dictionary<string, IReadOnlyList<string>> { [PresetName.Npm] = [url] } };
            var result = Planner.Plan(Samples.Launch(Samples.Bottle() with { Presets = [Samples.At(PresetName.Npm, 4)] }), facts);
            Assert.That(string.Join('\n', result.Diagnostics) + (result.Plan is { } plan ? AllText.Of(plan) : ""), Does.Not.Contain("hunter2"));
        }
    }

    [Test]
    public void Every_kind_of_secret_holds_its_source_alone()
    {
        var kinds = typeof(SecretRef).GetNestedTypes(BindingFlags.Public);
        var fields = kinds.ToDictionary(k => k.Name, k => k.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.Name != "EqualityContract").Select(p => p.Name).ToArray());
        Assert.That(fields, Is.EquivalentTo(new Dictionary<string, string[]>
        {
            ["Environment"] = ["Name"],
            ["File"] = ["Path"],
            ["Command"] = ["Arguments"],
        }));
        Assert.That(typeof(TokenSlot).GetProperties().Select(p => p.Name), Is.EquivalentTo(["Name", "Secret", "Source"]));
        Assert.That(typeof(RouteAuth).GetProperties().Select(p => p.Name), Is.EquivalentTo(["Scheme", "Header", "TokenEnv"]));
    }

    [Test]
    public void The_agent_never_sees_the_name_of_a_slot_or_of_its_source()
    {
        var plan = GoldenTests.Plan("provider-and-manifest");
        var agent = Bottle.Core.Rendering.Compose.ComposeFile.From(plan).Services.Single(s => s.Name == "agent");
        Assert.That(agent.Environment.Select(e => e.Key + e.Value), Has.None.Contain("EGRESS_TOKEN").And.None.Contain("EX_TOKEN"));
        Assert.That(agent.Mounts.Select(m => m.Source), Has.None.EqualTo(plan.Egress!.TokensDirectory));
    }
}
