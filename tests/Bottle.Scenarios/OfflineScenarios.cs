using System.Text.Json;

namespace Bottle.Scenarios;

/// <summary>What needs no engine: the variable points every docker call at a socket that is not there.</summary>
internal sealed class OfflineScenarios
{
    private static readonly Dictionary<string, string> NoEngine = new() { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" };

    [Test]
    public async Task Plan_as_JSON_is_one_document_and_nothing_else()
    {
        using var home = new BottleHomeFolder();
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Plan", "--agent=demo", "--format=json", "--verbosity=quiet"], NoEngine);
        Assert.That(code, Is.Zero);
        using var plan = JsonDocument.Parse(output);
        Assert.That(plan.RootElement.GetProperty("agent").ToString(), Does.Contain("demo"));
    }

    [TestCase("--target=Help", 0)]
    [TestCase("--target=Cleanup", 14)]
    [TestCase("--target=Cleanup --bottle=../x", 2)]
    [TestCase("--target=DumpLogs --bottle=../x", 2)]
    [TestCase("--target=DumpLogs --bottle=demo-k3x9a", 15)]
    [TestCase("--target=Status --bottle=demo-k3x9a", 15)]
    [TestCase("--target=Stop", 2)]
    [TestCase("--target=List --target=Plan", 2)]
    public async Task With_JSON_standard_output_is_one_document(string typed, int exitCode)
    {
        using var home = new BottleHomeFolder();
        var (code, output, error) = await Cake.RunAsync(home, [.. typed.Split(' '), "--format=json"], NoEngine);
        Assert.That(code, Is.EqualTo(exitCode), error);
        using var said = JsonDocument.Parse(output);
        Assert.That(said.RootElement.TryGetProperty("error", out _), Is.EqualTo(exitCode != 0), output);
    }

    [Test]
    public async Task A_missing_host_variable_is_an_error_with_strict_that_names_file_line_and_column()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests("env:\n  SECRET: \"${BOTTLE_TEST_NOT_SET}\"", "['true']");
        var (code, output, error) = await Cake.RunAsync(home, ["--target=Plan", "--agent=scenario", "--strict", "--format=json", "--verbosity=quiet"], NoEngine);
        Assert.That(code, Is.EqualTo(12));
        Assert.That(error, Does.Match(@"scenario\.md:3:\d+"));
        using var result = JsonDocument.Parse(output);
        Assert.That(result.RootElement.TryGetProperty("error", out _), output);
    }

    [Test]
    public async Task Render_gives_the_same_bytes_twice()
    {
        using var home = new BottleHomeFolder();
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        foreach (var folder in new[] { first, second })
            Assert.That((await Cake.RunAsync(home, ["--target=Render", "--agent=demo", $"--out={folder.Path}"], NoEngine)).Code, Is.Zero);
        Assert.That(first.Contents(), Is.EqualTo(second.Contents()).And.Count.GreaterThanOrEqualTo(3));
        Assert.That(first.Contents().Keys, Has.Member("demo/docker-compose.yml").And.Member("demo/egress/routes.yaml").And.Member("demo/pipelock/pipelock.yaml"));
    }

    [Test]
    public async Task Without_an_engine_Start_says_the_way_out()
    {
        using var home = new BottleHomeFolder();
        var (code, _, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=demo", "--yes"], NoEngine);
        Assert.That(code, Is.EqualTo(14));
        Assert.That(error, Does.Contain("BTL4001").And.Contain("--setup"));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task An_unknown_argument_is_an_error_with_the_nearest_name()
    {
        using var home = new BottleHomeFolder();
        var (code, _, error) = await Cake.RunAsync(home, ["--target=Plan", "--agnet=demo"]);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("agnet").And.Contain("agent"));
    }

    [Test]
    public async Task A_dry_run_writes_nothing_and_says_what_each_stage_would_do()
    {
        using var home = new BottleHomeFolder();
        var (code, output, _) = await Cake.RunAsync(home, ["--target=Start", "--agent=demo", "--dry-run", "--yes"], NoEngine);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("would write docker-compose.yml").And.Contain("would run docker compose"));
        Assert.That(await Task.Run(() => Directory.Exists(Path.Combine(home.Home.Root, "state"))), Is.False);
    }
}
