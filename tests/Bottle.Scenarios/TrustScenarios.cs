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
        Directory.CreateDirectory(Path.Combine(repository.Path, "agents"));
        var bottle = Path.Combine(repository.Path, "stranger.md");
        await File.WriteAllTextAsync(bottle, "---\nenv: {LOG: info}\n---\n");
        await File.WriteAllTextAsync(Path.Combine(repository.Path, "agents", "stranger.md"), "---\nbottle: stranger\ncommand: [sh, -c, 'echo the agent ran']\n---\n");
        string[] start = ["--target=Start", "--agent=stranger", $"--manifests={repository.Path}", "--yes", "--setup"];
        string[] trust = ["--target=Trust", "--agent=stranger", $"--manifests={repository.Path}"];

        var (code, output, error) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.EqualTo(11), "new: not trusted, in spite of --yes");
        Assert.That(error, Does.Contain("Trust"));
        Assert.That((await Cake.RunAsync(home, trust)).Code, Is.Zero);
        (code, output, _) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("the agent ran"));

        await File.WriteAllTextAsync(bottle, "---\nenv: {LOG: \"${HOME}\"}\n---\n");
        (code, output, error) = await Cake.RunAsync(home, start);
        Assert.That(code, Is.EqualTo(11), "changed");
        Assert.That(error, Does.Contain("-env: {LOG: info}").And.Contain("+env: {LOG: \"${HOME}\"}"));
        Assert.That(output, Does.Not.Contain("the agent ran"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }
}
