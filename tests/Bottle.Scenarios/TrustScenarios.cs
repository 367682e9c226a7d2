namespace Bottle.Scenarios;

/// <summary>A manifest outside home is a stranger's until it is trusted as it is (SPEC A3).</summary>
internal sealed class TrustScenarios
{
    [Test]
    [RequiresEngine]
    public async Task A_changed_manifest_outside_home_stops_the_launch_with_its_diff_until_it_is_trusted()
    {
        using var home = new BottleHomeFolder();
        using var repository = new TemporaryFolder();
        BottleHomeFolder.WriteManifests(repository.Path, "env: {LOG: info}", "[sh, -c, 'echo the agent ran $((40+2)) times']");
        string[] start = ["--target=Start", "--agent=scenario", $"--manifests={repository.Path}", "--yes", "--setup"];
        string[] trust = ["--target=Trust", "--agent=scenario", $"--manifests={repository.Path}"];

        var (code, output, error) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.EqualTo(11), "new: not trusted, in spite of --yes");
        Assert.That(error, Does.Contain("Trust"));
        Assert.That((await Cake.RunAsync(home, trust)).Code, Is.Zero);
        (code, output, _) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("the agent ran 42 times"));

        await File.WriteAllTextAsync(Path.Combine(repository.Path, "scenario.md"), "---\nenv: {LOG: \"${HOME}\"}\n---\n");
        (code, output, error) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.EqualTo(11), "changed");
        Assert.That(error, Does.Contain("-env: {LOG: info}").And.Contain("+env: {LOG: \"${HOME}\"}"));
        Assert.That(output, Does.Not.Contain("the agent ran 42 times"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
