using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class PlanJsonTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.GetFullPath(
        Path.Combine(Here(), "../../../src/Bottle.Core/Rendering/schemas/plan.schema.json"))))!.AsObject();

    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void Every_plan_follows_the_published_schema(string name)
    {
        var json = JsonNode.Parse(PlanJson.Render(GoldenTests.Plan(name), [PlanErrors.NotInThisVersion(Samples.At("git", 3)), PlanErrors.SubnetPoolUnusable("x")]));
        Assert.That(SchemaCheck.Problems(json, Schema, Schema), Is.Empty);
    }

    [TestCase("$.home", "\"no hash\"")]
    [TestCase("$.egress", "[]")]
    [TestCase("$.run_as.uid", "\"1000\"")]
    [TestCase("$.agent.surplus", "1")]
    public void The_schema_refuses_what_is_no_plan(string path, string value)
    {
        var json = JsonNode.Parse(PlanJson.Render(GoldenTests.Plan("manifest"), []))!;
        var keys = path.Split('.')[1..];
        keys[..^1].Aggregate(json, (node, key) => node[key]!)[keys[^1]] = JsonNode.Parse(value);
        Assert.That(SchemaCheck.Problems(json, Schema, Schema), Is.Not.Empty.And.All.StartsWith(path));
    }

    [Test]
    public void What_a_manifest_writes_cannot_reach_the_terminal()
    {
        var json = PlanJson.Render(GoldenTests.Plan("hard-characters"), []);
        Assert.That(json.Where(c => c is not '\n' and (< ' ' or > '~')), Is.Empty);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
