using Bottle.Host.Manifests;

namespace Bottle.Scenarios.Supervise;

/// <summary>The demo of supervise as a newcomer types it, and whose questions its script answers: no other's.</summary>
[RequiresEngine]
internal sealed class DemoSuperviseScenarios
{
    [Test]
    public async Task The_supervise_demo_shows_every_promise_with_evidence_and_leaves_its_record()
    {
        using var home = new BottleHomeFolder();
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=demo-supervise", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Not.Contain("FAIL"));
        Assert.That(output, Does.Match("SCRIPTED OPERATOR  a script answers").And.Match("SCRIPTED OPERATOR  approved egress-block-.* for 3x").And.Match("SCRIPTED OPERATOR  rejected egress-block-"));
        Assert.That(await home.LeftAsync(), Is.Empty);
        var audit = await File.ReadAllLinesAsync(Directory.GetFiles(Path.Combine(home.Home.Root, "runs"), "audit.jsonl", SearchOption.AllDirectories).Single());
        Assert.That(audit, Has.Some.Contains("\"event\":\"applied\"").And.Some.Contains("\"event\":\"rejected\""));
        Assert.That(audit.Where(line => line.Contains("\"actor\":\"operator:", StringComparison.Ordinal)), Is.Not.Empty.And.All.Contains("SCRIPTED OPERATOR"), "nothing is recorded as a person's decision");
        Assert.That((await Cake.RunAsync(home, ["--target=VerifyAudit"])).Code, Is.Zero);
    }

    [Test]
    public async Task A_copy_of_the_demo_has_a_person_for_its_operator()
    {
        using var home = new BottleHomeFolder();
        using var copy = new TemporaryFolder();
        foreach (var file in (string[])["demo-supervise.md", "agents/demo-supervise.md", "images/demo-supervise/Dockerfile", "images/demo-supervise/bottle-demo-supervise"])
        {
            var target = Path.Combine(copy.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Cake.Repository, "bottles", file), target);
        }
        // Not even a list of its own makes it the one that ships.
        await File.WriteAllTextAsync(Path.Combine(copy.Path, ShippedTrust.FileName), ShippedTrust.Generate(copy.Path));
        string[] which = ["--agent=demo-supervise", $"--manifests={copy.Path}"];
        Assert.That((await Cake.RunAsync(home, ["--target=Trust", .. which])).Code, Is.Zero);
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Preflight", .. which, "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("TEST UPSTREAM").And.Not.Contain("SCRIPTED OPERATOR"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
