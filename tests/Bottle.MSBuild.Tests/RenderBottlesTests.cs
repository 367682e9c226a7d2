using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Rendering;

namespace Bottle.MSBuild.Tests;

/// <summary>Door 3 as a user types it; builds of one project do not run side by side.</summary>
[NonParallelizable]
internal sealed class RenderBottlesTests
{
    [Test]
    public async Task It_renders_what_door_1_renders_and_a_second_run_does_nothing()
    {
        using var folder = new BottleFolder();
        var (code, output) = await folder.BuildAsync("RenderBottles");
        Assert.That(code, Is.Zero, output);
        var expected = new OfflineRenderer(new ManifestStore([folder.Bottles], folder.Root), new ImageCatalogue(BottleFolder.Repository, [folder.Bottles])).Render("dev");
        foreach (var file in expected.Files)
            Assert.That(folder.Read($"rendered/dev/{file.Path}"), Is.EqualTo(file.Text), file.Path);

        Assert.That(folder.Read("rendered/dev/egress/routes.yaml"), Does.Not.Contain(folder.Root), "equal in every clone");

        var compose = Path.Combine(folder.Rendered, "dev", "docker-compose.yml");
        var written = File.GetLastWriteTimeUtc(compose);
        (code, output) = await folder.BuildAsync("RenderBottles");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("Skipping target \"_RenderBottles\""));
        Assert.That(File.GetLastWriteTimeUtc(compose), Is.EqualTo(written));

        File.Delete(Path.Combine(folder.Rendered, "dev", "egress", "routes.yaml"));
        Assert.That((await folder.BuildAsync("RenderBottles")).Code, Is.Zero);
        Assert.That(folder.Read("rendered/dev/egress/routes.yaml"), Does.Contain("api.example.com"), "a file that is gone is written again");
    }

    [Test]
    public async Task What_is_wrong_is_an_error_with_file_line_column_and_code()
    {
        using var folder = new BottleFolder();
        folder.Write("bottles/dev.md", "---\nenv: {}\negres:\n  routes: []\n---\n");
        folder.Write("bottles/agents/other.md", "---\nbottle: held\n---\nPrompt.\n");
        folder.Write("bottles/held.md", "---\negress: {routes: [{host: api.example.com}]}\nexpect:\n  deny:\n    - GET https://api.example.com/\n---\n");
        var (code, output) = await folder.BuildAsync("RenderBottles");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain($"{folder.Bottles}/dev.md(3,1): error BTL1203: unknown key 'egres'"));
        Assert.That(output, Does.Contain($"{folder.Bottles}/held.md(5,7): error BTL2042: "), "all agents are looked at");
        Assert.That(output, Does.Contain("held.md:2:19: this route allows it"));
        Assert.That(output, Does.Not.Contain("MSB4018"), "no stack trace");
    }

    [Test]
    public async Task One_agent_can_be_asked_for()
    {
        using var folder = new BottleFolder();
        folder.Write("bottles/agents/broken.md", "---\n");
        Assert.That((await folder.BuildAsync("RenderBottles", "-p:Agent=dev")).Code, Is.Zero);

        var (code, output) = await folder.BuildAsync("RenderBottles", "-p:Agent=nobody");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("error BTL1004: there is no agent 'nobody'"));
    }

    [Test]
    public async Task Kept_files_that_are_out_of_date_fail_the_build_and_are_named()
    {
        using var folder = new BottleFolder();
        var (code, output) = await folder.BuildAsync("VerifyBottles");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("error BTL3204"), "nothing is kept: that is no pass");

        Assert.That((await folder.BuildAsync("RenderBottles")).Code, Is.Zero);
        (code, output) = await folder.BuildAsync("VerifyBottles");
        Assert.That(code, Is.Zero, output);

        var routes = folder.Read("rendered/dev/egress/routes.yaml").Split('\n');
        var line = Array.FindIndex(routes, text => text.Contains("api.example.com", StringComparison.Ordinal)) + 1;
        folder.Write("bottles/dev.md", folder.Read("bottles/dev.md").Replace("api.example.com", "other.example.com", StringComparison.Ordinal));
        folder.Write("rendered/dev/notes.txt", "");
        File.Delete(Path.Combine(folder.Rendered, "dev", "pipelock", "pipelock.yaml"));
        (code, output) = await folder.BuildAsync("VerifyBottles");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain($"{folder.Rendered}/dev/egress/routes.yaml({line},1): error BTL3201: ").And.Contain("'- host: \"other.example.com\"'"));
        Assert.That(output, Does.Contain($"{folder.Rendered}/dev/pipelock/pipelock.yaml(1,1): error BTL3202: "));
        Assert.That(output, Does.Contain($"{folder.Rendered}/dev/notes.txt(1,1): error BTL3203: "));
    }
}
