using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Bottle.Contracts.Supervision;
using Bottle.Testing;

namespace Bottle.Supervise.Tests;

/// <summary>Clients that others wrote, as npm has them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RealClientTests
{
    private static Task<NpmTool> Inspector => NpmTool.GetAsync("@modelcontextprotocol/inspector", "2.12.0", "mcp-inspector");

    private static Task<NpmTool> Conformance => NpmTool.GetAsync("@modelcontextprotocol/conformance", "0.2.0-alpha.12", "conformance");

    [TestCase("legacy")]
    [TestCase("modern")]
    public async Task Inspector_finds_nothing_wrong_with_the_tools_and_waits_for_the_operator(string era)
    {
        var inspector = await Inspector;
        using var folder = new TemporaryFolder();
        await using var harness = await SuperviseHarness.StartAsync();
        string[] server = ["--cli", harness.Address.ToString(), "--protocol-era", era];

        var tools = await inspector.RunAsync(folder.Path, [.. server, "--method", "tools/list", "--strict"]);
        Assert.That(tools.ExitCode, Is.Zero, tools.Output + tools.Error);
        Assert.That(JsonNode.Parse(tools.Output)!["tools"]!.AsArray().Select(tool => (string?)tool!["name"]), Is.EqualTo(new[] { "egress-block", "pipelock-block", "capability-block", "list-egress-routes" }));

        var call = inspector.RunAsync(folder.Path, [.. server, "--method", "tools/call", "--tool-name", "egress-block", "--tool-arg", "url=https://api.example.com/x", "--tool-arg", "reason=because"]);
        harness.Operator.Answer(await harness.Operator.WaitForOneAsync(), AnswerDecision.Rejected, "not today");
        var answered = await call;
        Assert.That(answered.ExitCode, Is.Zero, answered.Output + answered.Error);
        Assert.That((string?)JsonNode.Parse(answered.Output)!["structuredContent"]!["reason"], Is.EqualTo("not today"));
    }

    [TestCase("2026-07-28", "--requirements", "2026-07-28")]
    [TestCase("2025-11-25", "--suite", "active", "--spec-version", "2025-11-25")]
    public async Task The_conformance_suite_fails_only_where_it_does_not_apply(string baseline, params string[] selection)
    {
        var suite = await Conformance;
        using var folder = new TemporaryFolder();
        await using var harness = await SuperviseHarness.StartAsync();
        var result = await suite.RunAsync(
            folder.Path, ["server", "--url", harness.Address.ToString(), .. selection, "--expected-failures", Path.Combine(Here(), "Conformance", baseline + ".yml"), "--output-dir", folder.Path]);
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);
        var passed = result.Output.Split('\n').Single(line => line.StartsWith("Total: ", StringComparison.Ordinal)).Split(' ')[1];
        Assert.That(int.Parse(passed, CultureInfo.InvariantCulture), Is.GreaterThan(30), "it did look");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
