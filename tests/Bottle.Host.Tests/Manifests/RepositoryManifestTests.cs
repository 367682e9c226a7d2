using System.Runtime.CompilerServices;
using Bottle.Core.Manifests;
using Bottle.Host.Manifests;
using NUnit.Framework;

namespace Bottle.Host.Tests.Manifests;

[TestFixture]
public sealed class RepositoryManifestTests
{
    private static readonly string Bottles = Path.GetFullPath("../../../bottles", Path.GetDirectoryName(Here())!);

    [Test]
    public void Every_manifest_that_ships_can_be_loaded()
    {
        var store = new ManifestStore([Bottles], Path.GetDirectoryName(Bottles)!);
        foreach (var agent in store.ListAgents())
            Assert.DoesNotThrow(() => store.Load(agent.Name), agent.Name);
        Assert.That(store.ListBottles().Select(bottle => bottle.Error), Has.All.Null);
    }

    [Test]
    public void The_provider_file_of_Claude_Code_asks_for_no_more_than_the_conversation()
    {
        var file = Path.Combine(Bottles, "providers/claude.yaml");
        var provider = ManifestReader.ReadProvider(file, File.ReadAllText(file)).Manifest!;
        Assert.That(provider.Command, Is.EqualTo("claude"));
        Assert.That(provider.Routes.Single().Paths, Is.EqualTo(["/v1/messages", "/v1/messages/count_tokens"]));
        Assert.That(provider.Routes.Single().Methods, Is.EqualTo(["POST"]));
        Assert.That(provider.Routes.Single().Inspect, Is.False);
        Assert.That(provider.Credentials.Select(c => $"{c.HostVariable} {c.Auth.Scheme} {c.Auth.Header} {c.Auth.Token.Value} {c.AgentVariable}"), Is.EqualTo([
            "CLAUDE_CODE_OAUTH_TOKEN Bearer authorization env:CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CODE_OAUTH_TOKEN",
            "ANTHROPIC_API_KEY Header x-api-key env:ANTHROPIC_API_KEY ANTHROPIC_API_KEY",
        ]));
    }

    [Test]
    public void The_list_of_shipped_manifests_is_current()
    {
        var path = Path.Combine(Bottles, ShippedTrust.FileName);
        var current = ShippedTrust.Generate(Bottles);
        if (Environment.GetEnvironmentVariable("BOTTLE_ACCEPT") == "1")
            File.WriteAllText(path, current);
        Assert.That(File.ReadAllText(path), Is.EqualTo(current), "read the manifests that changed, then accept the list with BOTTLE_ACCEPT=1");
    }

    [Test]
    public void Every_example_of_the_reference_is_a_good_manifest()
    {
        var blocks = File.ReadAllText(Path.Combine(Bottles, "README.md")).Split("\n```").ToList();
        var manifests = blocks.FindAll(block => block.StartsWith("markdown\n", StringComparison.Ordinal)).ConvertAll(block => block["markdown\n".Length..]);
        var (bottles, agents) = (manifests.FindAll(text => !text.Contains("\nbottle:", StringComparison.Ordinal)), manifests.FindAll(text => text.Contains("\nbottle:", StringComparison.Ordinal)));
        var providers = blocks.FindAll(block => block.StartsWith("yaml\n", StringComparison.Ordinal)).ConvertAll(block => block["yaml\n".Length..]);
        var homes = providers.FindAll(text => text.StartsWith("upstream_ca:", StringComparison.Ordinal));
        providers = providers.Except(homes).ToList();
        Assert.That((bottles.Count, agents.Count, providers.Count, homes.Count), Is.EqualTo((6, 1, 1, 1)));
        Assert.That(ManifestReader.ReadHomeConfiguration("config.yaml", homes[0]).Diagnostics, Is.Empty);
        foreach (var bottle in bottles)
            Assert.That(ManifestReader.ReadBottle("dev.md", bottle).Diagnostics, Is.Empty);
        Assert.That(ManifestReader.ReadAgent("a.md", agents[0]).Diagnostics, Is.Empty);
        Assert.That(ManifestReader.ReadProvider("claude.yaml", providers[0]).Diagnostics, Is.Empty);
    }

    // The errors for unknown keys list the known ones: the reference must have a word on each.
    [Test]
    public void The_reference_names_every_key_that_the_reader_knows()
    {
        var reference = File.ReadAllText(Path.Combine(Bottles, "README.md"));
        var errors = ManifestReader.ReadBottle("dev.md", "---\nx: 1\nprovider: {x: 1}\negress: {x: 1, routes: [{host: a.test, x: 1, unrestricted: true, auth: {x: 1}}]}\ngit: [{x: 1, push: {x: 1}, scan: {x: 1}}]\ntest_upstreams: [{x: 1}]\n---\n").Diagnostics
            .Concat(ManifestReader.ReadAgent("a.md", "---\nx: 1\n---\n").Diagnostics)
            .Concat(ManifestReader.ReadProvider("p.yaml", "x: 1\ncredentials: [{x: 1}]\n").Diagnostics)
            .Where(diagnostic => diagnostic.Code == "BTL1203").ToList();
        Assert.That(errors, Has.Count.EqualTo(12));
        foreach (var key in errors.SelectMany(error => error.Why!.Split("the keys here are: ")[1].Split(", ")).Distinct())
            Assert.That(reference, Does.Match($"`(\\{{|[a-z:, {{]*[ {{,]|[a-z]+\\.)?{key}[`:,}}]|, {key}[,}}]"), key);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
