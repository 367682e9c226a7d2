using Bottle.Host.State;

namespace Bottle.Scenarios.Launches;

/// <summary>SIGKILL of Bottle in each stage in turn (attacks.md 37): one command removes what is left, or goes on to the end.</summary>
[RequiresEngine]
internal sealed class KillScenarios
{
    private const string WithEgress = "egress: {routes: [{host: api.demo.test}]}";
    // A kill can come late on a loaded machine: between the stage's end and the next one's begin.
    private const int Tries = 10;

    // Before it there is no run that could be left.
    private static readonly string[] WithoutRun = ["ResolveManifest", "Preflight"];

    // One of each kind; all of them with BOTTLE_ALL_STAGES=1, which takes minutes.
    private static string[] Stages => Environment.GetEnvironmentVariable("BOTTLE_ALL_STAGES") == "1"
        ? ["ResolveManifest", "Preflight", "MintIdentity", "MintCertificates", "RenderPipelock", "RenderEgress", "RenderGitGate", "RenderSupervise", "RenderAgent", "WriteCompose", "CopyWorkspace", "BuildImages", "ComposeUp", "Prove", "Provision", "Attach", "SaveWork", "DumpLogs", "ComposeDown", "Cleanup"]
        : ["MintIdentity", "ComposeUp", "ComposeDown", "Cleanup"];

    private static string[] Start(BottleHomeFolder home) => ["start", "scenario", $"--bottle={home.Identity}", "--yes", "--setup"];

    [TestCaseSource(nameof(Stages))]
    public async Task Killed_in_a_stage_it_goes_on_to_the_end_and_another_is_cleaned_away_by_one_command(string stage)
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(WithEgress, "['true']");
        Assert.That((await Tool.RunAsync(home, Start(home))).Code, Is.Zero, "the images are there from now on");

        KillIn(home, stage);
        // Where it was killed before anything said whose run it is, there is nothing to go on with.
        var (code, output, error) = await Tool.RunAsync(home, File.Exists(Path.Combine(home.Home.State(home.Identity), "metadata.json")) ? ["resume", home.Identity, "--yes", "--setup"] : ["cleanup"]);
        Assert.That((code, error), Is.EqualTo((0, error)), output);
        Assert.That(await home.LeftAsync(), Is.Empty, "after it was gone on with");

        KillIn(home, stage);
        Assert.That((await Tool.RunAsync(home, ["cleanup"])).Code, Is.Zero);
        Assert.That(await home.LeftAsync(), Is.Empty, "after one Cleanup");

        KillIn(home, stage);
        Assert.That((await Tool.RunAsync(home, ["start", "scenario", "--yes", "--setup"])).Code, Is.Zero);
        Assert.That((await home.LeftAsync()).Where(left => left != $"state {home.Home.State(home.Identity)}"), Is.Empty, "another Start removes all but the state, which can be gone on with");
        Assert.That((await Tool.RunAsync(home, ["cleanup"])).Code, Is.Zero);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    // Its own note says what it was killed in; Status shows it.
    private static void KillIn(BottleHomeFolder home, string stage)
    {
        var state = home.Home.State(home.Identity);
        for (var tries = 1; ; tries++)
        {
            using var run = SteppedCommand.Start(home, Tool.Words([.. Start(home), "--verbosity=diagnostic"]));
            Assert.That(run.ReadUntil($"▸ {stage}\n"), run.Seen);
            run.Kill();
            if (WithoutRun.Contains(stage)) return;
            // Before MintIdentity has made the folder there is no note, and when Cleanup has moved it away there is none either.
            if (!Directory.Exists(state) ? stage is "MintIdentity" or "Cleanup" : RunLock.Said(state).Split(' ').Contains(stage)) return;
            Assert.That(tries, Is.LessThan(Tries), $"never killed in {stage}; last it was doing '{RunLock.Said(state)}'\n{run.Seen}");
            Tool.RunAsync(home, ["cleanup"]).GetAwaiter().GetResult();
        }
    }
}
