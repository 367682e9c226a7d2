namespace Bottle.Scenarios.Launches;

/// <summary>After every command Status tells the truth: of one bottle from its first containers to its end (SPEC E2, E3).</summary>
[RequiresEngine]
internal sealed class StatusScenarios
{
    private const string Manifest = """
        provider: none
        supervise: true
        egress:
          routes:
            - {host: kept.demo.test, methods: [GET], path_allowlist: [/v1/*]}
        test_upstreams:
          - {host: kept.demo.test, image: bottle-demo-upstream}
        """;

    private static readonly Dictionary<string, string> Elsewhere = new() { ["TERM"] = "vt100", ["LANG"] = "de_DE.UTF-8", ["TZ"] = "Asia/Tokyo" };

    [Test]
    public async Task Status_is_true_after_every_command()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Manifest, "[sh, -c, 'echo ready-$((40+2)); sleep 600']");
        Assert.That((await Tool.RunAsync(home, ["prove", "scenario", $"--bottle={home.Identity}", "--yes", "--setup"])).Code, Is.Zero);
        var status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That(status.Named("pending"), Is.EqualTo(new[] { "Provision", "Attach" }), status.Text);
        Assert.That(status.Named("done"), Has.Exactly(status.Stages.Count - 2).Items, status.Text);
        Assert.That(status.State, Is.EqualTo("left up on purpose"));

        status = await RunStatus.AskAsync(home, home.Identity, Elsewhere);
        Assert.That(status.Named("done"), Has.Exactly(status.Stages.Count - 2).Items, "another terminal makes nothing stale\n" + status.Text);

        await EditAsync(home);
        status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That(status.Named("done"), Has.Exactly(status.Stages.Count - 2).Items, "what an operator has put in force is in force\n" + status.Text);

        Assert.That((await Tool.RunAsync(home, ["provision", $"--bottle={home.Identity}", "--yes", "--setup"], Elsewhere)).Output, Does.Match(@"= WriteCompose .*up to date").And.Match(@"= ComposeUp .*up to date"), "what is up stays up");
        Assert.That((await Tool.RunAsync(home, ["compose-down", $"--bottle={home.Identity}"])).Code, Is.Zero);
        status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That(status.Named("stale"), Is.EqualTo(new[] { "ComposeUp", "Prove", "Provision" }), status.Text);
        Assert.That(status.State, Is.EqualTo("kept"));

        // What is no file, and that the engine refuses to start without.
        Directory.Delete(Path.Combine(home.Home.State(home.Identity), "agent", "home"), recursive: true);
        status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That(status.Stages["RenderAgent"], Is.EqualTo("stale"), status.Text);

        await WithTheAgentAsync(home);
        status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That((status.Stages["Attach"], status.Stages["WriteCompose"], status.State), Is.EqualTo(("killed", "done", "killed")), status.Text);
        Assert.That(status.Named("stale"), Is.EqualTo(new[] { "ComposeUp", "Prove", "Provision" }), "a killed run's containers run, and the next launch removes them\n" + status.Text);

        await Tool.RunAsync(home, ["cleanup", home.Identity]);
        Assert.That((await Tool.RunAsync(home, ["status", home.Identity])).Code, Is.EqualTo(15));
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    // The agent runs, and its Bottle is killed.
    private static async Task WithTheAgentAsync(BottleHomeFolder home)
    {
        using var attached = Tool.Start(home, ["attach", home.Identity, "--yes", "--setup"]);
        await attached.SawAsync("ready-42");
        var status = await RunStatus.AskAsync(home, home.Identity);
        Assert.That((status.Stages["Attach"], status.Stages["Provision"], status.State), Is.EqualTo(("running", "done", "running")), status.Text);
        attached.KillGroup();
        await attached.ExitAsync();
    }

    private static async Task EditAsync(BottleHomeFolder home)
    {
        var editor = Path.Combine(home.Home.Root, "editor.sh");
        await File.WriteAllTextAsync(editor, "#!/bin/sh\nsed -i 's#/v1/\\*#/v2/*#' \"$1\"\n");
        File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (code, output, error) = await Tool.RunAsync(home, ["edit-routes", home.Identity, "--yes"], new Dictionary<string, string> { ["VISUAL"] = editor });
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(output, Does.Contain("revision 2 is in force"));
    }
}
