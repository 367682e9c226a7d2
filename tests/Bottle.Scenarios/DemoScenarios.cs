namespace Bottle.Scenarios;

/// <summary>The README's main job, as a newcomer types it.</summary>
[RequiresEngine]
internal sealed class DemoScenarios
{
    [Test]
    public async Task The_demo_shows_every_promise_with_evidence_and_leaves_nothing()
    {
        using var home = new BottleHomeFolder();
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=demo", "--yes", "--setup"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("TEST UPSTREAM"));
        Assert.That(output, Does.Not.Contain("FAIL"));
        Assert.That(await home.LeftAsync(), Is.Empty);
        var requests = Directory.GetFiles(home.Home.Root, "requests.jsonl", SearchOption.AllDirectories);
        Assert.That(requests, Has.Length.EqualTo(1), "the record of a run outlives it (SPEC B8)");
        Assert.That(await File.ReadAllLinesAsync(requests[0]), Has.Some.Contains("api.demo.test"));
    }

    [Test]
    public async Task A_second_start_builds_nothing()
    {
        using var home = new BottleHomeFolder();
        await Cake.RunAsync(home, ["--target=BuildImages", "--agent=demo", "--yes", "--setup"]);
        var (code, output, _) = await Cake.RunAsync(home, ["--target=BuildImages", "--agent=demo", "--yes"]);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("all there already"));
        await Cake.RunAsync(home, ["--target=Cleanup"]);
    }
}
