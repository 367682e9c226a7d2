using YamlDotNet.RepresentationModel;

namespace Bottle.MSBuild.Tests;

/// <summary>The example pipeline's own steps, run as they stand there.</summary>
[NonParallelizable]
internal sealed class ExamplePipelineTests
{
    [Test]
    public async Task Its_steps_render_and_verify_and_stop_a_change_that_nobody_rendered()
    {
        using var folder = new BottleFolder();
        var steps = Steps();
        Assert.That(steps.Keys, Is.EqualTo(new[] { "render", "verify" }));
        (string, string)[] environment = [("BOTTLE", BottleFolder.Repository), ("BOTTLES", "bottles"), ("RENDERED", "rendered")];

        Assert.That((await folder.BuildAsync("RenderBottles")).Code, Is.Zero);
        foreach (var step in steps.Values)
            Assert.That((await folder.ShellAsync(step, environment)).Code, Is.Zero);
        Assert.That(File.Exists(Path.Combine(folder.Root, "out", "dev", "docker-compose.yml")));

        folder.Write("bottles/dev.md", folder.Read("bottles/dev.md").Replace("- host: api.example.com", "- {host: api.example.com, path_allowlist: [/, /v2/*]}", StringComparison.Ordinal));
        Assert.That((await folder.ShellAsync(steps["render"], environment)).Code, Is.Zero);
        Assert.That((await folder.ShellAsync(steps["verify"], environment)).Code, Is.Not.Zero);
    }

    private static Dictionary<string, string> Steps()
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Path.Combine(BottleFolder.Repository, "build", "ci", "bottles.yml"));
        yaml.Load(text);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["jobs"]["bottles"]["steps"]).Cast<YamlMappingNode>()
            .Where(step => step.Children.ContainsKey("run")).ToDictionary(step => ((YamlScalarNode)step["name"]).Value!, step => ((YamlScalarNode)step["run"]).Value!);
    }
}
