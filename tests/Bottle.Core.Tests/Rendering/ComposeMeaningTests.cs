using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;
using Bottle.Core.Tests.Planning;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using YamlDotNet.RepresentationModel;

namespace Bottle.Core.Tests.Rendering;

/// <summary>What a literal holds never changes what the Compose file says (attacks.md 32): it is parsed back and compared.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ComposeMeaningTests
{
    private static readonly string[] Hard = ["$", "$$", "${A}", "{{", "}}", "\n", "\r\n", "\"", "'", "\\", "\t", "#", ": ", "- ", "&a", "*a", "!t", "%", "|", ">", "\u0007", "\u0085", "\u2028", "\ufeff", "é", "🙂", "\u202e", " ", "---", "..."];

    private static Gen<string> Literals => Gen.OneOf(
        Gen.Elements(Hard).ListOf().Select(string.Concat),
        Gen.Choose(1, 0xFFFF).Where(c => !char.IsSurrogate((char)c)).Select(c => (char)c).ListOf().Select(all => new string([.. all])));

    [Test]
    public void Any_literal_comes_back_as_it_was() => Prop.ForAll(Literals.ToArbitrary(), literal =>
    {
        var environment = (YamlMappingNode)Parse(WithLiteral(literal))["services"]["agent"]["environment"];
        return Interpolated(((YamlScalarNode)environment["CANARY"]).Value!) == literal;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_literal_leaves_the_rest_alone()
    {
        var plain = Without(Parse(WithLiteral("plain")));
        Prop.ForAll(Literals.ToArbitrary(), literal => Without(Parse(WithLiteral(literal))).Equals(plain)).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_value_from_the_host_is_a_bare_name()
    {
        var plan = Samples.Plan(Samples.Launch(Samples.Bottle() with { Environment = [Samples.FromHost("URL", "API_URL")] }), Samples.Facts("API_URL"));
        var value = (YamlScalarNode)Parse(Text(plan))["services"]["agent"]["environment"]["URL"];
        Assert.That((value.Value, value.Style), Is.EqualTo(("null", YamlDotNet.Core.ScalarStyle.Plain)));
    }

    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void No_service_has_a_key_that_opens_it(string name)
    {
        string[] known =
        [
            "container_name", "image", "pull_policy", "runtime", "entrypoint", "command", "working_dir", "user", "init", "read_only", "cap_drop", "security_opt", "mem_limit",
            "memswap_limit", "cpus", "pids_limit", "ulimits", "sysctls", "restart", "stop_grace_period", "stop_signal", "environment", "volumes", "tmpfs", "networks", "dns",
            "dns_opt", "extra_hosts", "depends_on", "healthcheck", "labels", "logging",
        ];
        foreach (var (service, keys) in (YamlMappingNode)Parse(Text(GoldenTests.Plan(name)))["services"])
            Assert.That(((YamlMappingNode)keys).Children.Keys.Select(k => k.ToString()), Is.SubsetOf(known), service.ToString());
    }

    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void Every_service_is_hardened(string name)
    {
        foreach (var (key, node) in (YamlMappingNode)Parse(Text(GoldenTests.Plan(name)))["services"])
        {
            var service = (YamlMappingNode)node;
            Assert.That(service["cap_drop"].ToString(), Is.EqualTo("[ ALL ]"), key.ToString());
            Assert.That(service["security_opt"].ToString(), Is.EqualTo("[ no-new-privileges:true ]"));
            // An agent that has ended has ended; what stands between it and the world comes back.
            var isOwn = GoldenTests.Plan(name).Services.Any(own => own.Name == key.ToString());
            var isAgents = isOwn || key.ToString() is "agent" || key.ToString().StartsWith("upstream-", StringComparison.Ordinal);
            Assert.That(service.Children.ContainsKey("read_only"), Is.EqualTo(!isOwn), "only what a user brings writes into its root");
            Assert.That((isOwn ? "true" : service["read_only"].ToString(), service["init"].ToString(), service["restart"].ToString()), Is.EqualTo(("true", "true", isAgents ? "no" : "on-failure")), key.ToString());
            Assert.That(service["mem_limit"].ToString(), Is.EqualTo(service["memswap_limit"].ToString()));
            Assert.That(service.Children.Keys.Select(k => k.ToString()), Is.SupersetOf(["user", "cpus", "pids_limit", "ulimits", "logging", "stop_grace_period", "stop_signal", "labels"]));
            var networks = ((YamlMappingNode)service["networks"]).Children.Count;
            Assert.That(service.Children.ContainsKey("sysctls"), Is.EqualTo(networks > 1), "no routing between networks");
        }
    }

    private static string WithLiteral(string literal) =>
        Text(Samples.Plan(Samples.Launch(Samples.Bottle() with { Environment = [Samples.Literal("CANARY", literal)] })));

    private static string Text(BottlePlan plan) => ComposeRenderer.Render(plan).Single().Text;

    private static YamlNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }

    private static YamlNode Without(YamlNode root)
    {
        ((YamlMappingNode)root["services"]["agent"]["environment"]).Children.Remove("CANARY");
        return root;
    }

    // Compose's own reading: $$ is a dollar, and a single one would start a variable.
    private static string Interpolated(string text)
    {
        Assert.That(text.Replace("$$", "", StringComparison.Ordinal), Does.Not.Contain("$"));
        return text.Replace("$$", "$", StringComparison.Ordinal);
    }
}
