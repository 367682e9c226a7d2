using Bottle.Host.Images;

namespace Bottle.Scenarios.Launches;

/// <summary>Images are made once per content: a warm start asks the engine whether they are there, and makes, fetches, publishes and restores nothing.</summary>
[RequiresEngine]
internal sealed class WarmStartScenarios
{
    private const string WithEgress = "egress: {routes: [{host: api.demo.test}]}";

    [TestCase("start", "scenario")]
    [TestCase("cake")]
    public async Task A_warm_start_makes_nothing(params string[] door)
    {
        using var home = new BottleHomeFolder();
        using var watch = new TemporaryFolder();
        home.WriteManifests(WithEgress, "['true']");
        Assert.That(await StartAsync(home, door, null), Is.Zero, "cold, or warm already by another test");
        var log = Path.Combine(watch.Path, "log");
        foreach (var program in (string[])["docker", "dotnet"]) Watch(watch.Path, program, log);

        Assert.That(await StartAsync(home, door, $"{watch.Path}:{Environment.GetEnvironmentVariable("PATH")}"), Is.Zero);

        var commands = await File.ReadAllLinesAsync(log);
        Assert.That(commands, Has.Some.StartsWith("docker image inspect").And.Some.Contains("compose"), "the watch sees what is started");
        string[] makes = ["build", "buildx", "import", "load", "commit", "tag", "publish", "restore", "msbuild", "run --project"];
        Assert.That(commands.Where(command => makes.Any(verb => command.Split(' ').Skip(1).Contains(verb) || command.StartsWith($"dotnet {verb}", StringComparison.Ordinal))), Is.Empty);
        // Pipelock itself is asked for wherever its stand-in would have to do.
        Assert.That(commands.Where(command => command.StartsWith("docker pull", StringComparison.Ordinal)), Is.All.EqualTo($"docker pull {Environment.GetEnvironmentVariable(PipelockImage.Variable)}"));

        // Other content is another image: made once, and from then on warm again.
        await File.AppendAllTextAsync(Path.Combine(home.Home.Bottles, "images", "scenario", "Dockerfile"), $"LABEL test={Path.GetFileName(watch.Path)}\n");
        Assert.That(await StartAsync(home, door, $"{watch.Path}:{Environment.GetEnvironmentVariable("PATH")}"), Is.Zero);
        Assert.That(await StartAsync(home, door, $"{watch.Path}:{Environment.GetEnvironmentVariable("PATH")}"), Is.Zero);
        Assert.That((await File.ReadAllLinesAsync(log)).Count(command => command.StartsWith("docker ", StringComparison.Ordinal) && command.Split(' ').Contains("build")), Is.EqualTo(1));
    }

    private static async Task<int> StartAsync(BottleHomeFolder home, string[] door, string? path)
    {
        var environment = path is null ? null : new Dictionary<string, string> { ["PATH"] = path };
        var (code, _, _) = door is ["cake"] ? await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes", "--setup"], environment) : await Tool.RunAsync(home, [.. door, "--yes", "--setup"], environment);
        return code;
    }

    // A program of that name which writes down how it was called, and then is the real one.
    private static void Watch(string folder, string program, string log)
    {
        var real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(place => Path.Combine(place, program)).First(File.Exists);
        var file = Path.Combine(folder, program);
        File.WriteAllText(file, $"#!/bin/sh\necho \"{program} $*\" >> '{log}'\nexec '{real}' \"$@\"\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
