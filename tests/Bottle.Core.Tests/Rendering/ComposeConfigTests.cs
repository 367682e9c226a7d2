using System.Diagnostics;
using System.Text.Json;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

/// <summary>Compose itself reads what we render, and reads it as it was meant.</summary>
[RequiresCompose]
[Parallelizable(ParallelScope.All)]
public sealed class ComposeConfigTests
{
    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void Compose_accepts_every_golden_file(string name)
    {
        var (exitCode, _, error) = Config(GoldenTests.Plan(name), "-q");
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
    }

    [Test]
    public void Compose_reads_hard_characters_as_they_are()
    {
        var plan = GoldenTests.Plan("hard-characters");
        var (exitCode, output, error) = Config(plan, "--format", "json");
        Assert.That(exitCode, Is.Zero, error);
        var environment = JsonDocument.Parse(output).RootElement.GetProperty("services").GetProperty("agent").GetProperty("environment");
        foreach (var variable in plan.Agent.Environment)
        {
            // What Compose prints is a Compose file again: it doubles dollars.
            Assert.That(environment.GetProperty(variable.Name).GetString()!.Replace("$$", "$", StringComparison.Ordinal), Is.EqualTo(variable.Literal), variable.Name);
        }
    }

    [Test]
    public void Compose_takes_a_host_value_from_its_own_environment()
    {
        var plan = Samples.Plan(Samples.Launch(Samples.Bottle() with { Environment = [Samples.FromHost("URL", "API_URL")] }), Samples.Facts("API_URL"));
        var (exitCode, output, error) = Config(plan, "--format", "json");
        Assert.That(exitCode, Is.Zero, error);
        var environment = JsonDocument.Parse(output).RootElement.GetProperty("services").GetProperty("agent").GetProperty("environment");
        Assert.That(environment.GetProperty("URL").GetString(), Is.EqualTo("value $$of the host"), "doubled by config, not read as a variable");
    }

    private static (int ExitCode, string Output, string Error) Config(BottlePlan plan, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("bottle-compose-");
        try
        {
            foreach (var file in Renderer.Render(plan))
            {
                var path = Path.Combine(folder.FullName, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }
            var start = new ProcessStartInfo("docker", ["compose", "-f", Path.Combine(folder.FullName, StateLayout.ComposeFile), "config", .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["URL"] = "value $of the host";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
