using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MetadataTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly StateDirectory state;

    public MetadataTests() => state = new StateStore(new BottleHome(folder.Path), new CommandRunner()).Create("demo-k3x9a");

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }

    private static Metadata Sample => new Metadata
    {
        AgentName = "demo",
        Bottle = "demo",
        Cwd = "/srv/work",
        StartedAt = Noon,
        ComposeProject = "claude-bottle-demo-k3x9a",
        Versions = new Dictionary<string, string> { ["engine"] = "26.1.5" },
    }.With(new StageRecord("Preflight", "done", Noon, 12));

    [Test]
    public void The_file_has_the_documented_keys_and_is_private()
    {
        state.WriteMetadata(Sample);
        Assert.That(File.ReadAllText(state["metadata.json"]), Is.EqualTo("""
            {
              "format": 2,
              "agent_name": "demo",
              "bottle": "demo",
              "cwd": "/srv/work",
              "copy_cwd": false,
              "started_at": "2026-01-02T12:00:00+00:00",
              "compose_project": "claude-bottle-demo-k3x9a",
              "versions": {
                "engine": "26.1.5"
              },
              "stages": [
                {
                  "name": "Preflight",
                  "result": "done",
                  "started": "2026-01-02T12:00:00+00:00",
                  "milliseconds": 12
                }
              ]
            }

            """));
        Assert.That(File.GetUnixFileMode(state["metadata.json"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void What_was_written_is_read_again()
    {
        var written = Sample.With(new StageRecord("ComposeUp", "failed", Noon, 34, "egress is unhealthy"));
        state.WriteMetadata(written);
        var read = state.ReadMetadata()!;
        Assert.That(read.Stages, Is.EqualTo(written.Stages));
        Assert.That(read with { Stages = written.Stages, Versions = written.Versions, Arguments = written.Arguments }, Is.EqualTo(written));
    }

    [Test]
    public void A_stage_that_runs_again_keeps_its_place()
    {
        var twice = Sample.With(new StageRecord("ComposeUp", "failed", Noon, 1)).With(new StageRecord("Preflight", "skipped", Noon, 0));
        Assert.That(twice.Stages.Select(s => $"{s.Name} {s.Result}"), Is.EqualTo(new[] { "Preflight skipped", "ComposeUp failed" }));
    }

    [Test]
    public void Nothing_written_is_null() => Assert.That(state.ReadMetadata(), Is.Null);

    [Test]
    public void A_file_of_before_the_format_was_written_is_read_and_its_stages_have_no_inputs()
    {
        File.WriteAllText(state["metadata.json"], """
            {"agent_name":"demo","bottle":"demo","cwd":"/srv/work","copy_cwd":false,"started_at":"2026-01-02T12:00:00+00:00","compose_project":"p","versions":{},
             "stages":[{"name":"Preflight","result":"succeeded","started":"2026-01-02T12:00:00+00:00","milliseconds":12}]}
            """);
        var read = state.ReadMetadata()!;
        Assert.That((read.Stages[0].Name, read.Stages[0].Inputs, read.Arguments), Is.EqualTo(("Preflight", (object?)null, (object?)null)));
        state.WriteMetadata(read);
        Assert.That(state.ReadMetadata()!.Format, Is.EqualTo(Metadata.CurrentFormat));
    }

    [Test]
    public void What_a_stage_depends_on_and_made_is_read_again()
    {
        var record = new StageRecord("RenderEgress", StageRecord.Succeeded, Noon, 3)
        {
            Cause = "first run",
            Inputs = [StageInput.Of("route api.example.com", "x", "bottles/dev.md:14")],
            Outputs = new Dictionary<string, string> { ["egress/routes.yaml"] = ContentDigest.Of("y") },
        };
        state.WriteMetadata(Sample.With(record));
        var read = state.ReadMetadata()!.Stages[1];
        Assert.That((read.Cause, read.Inputs, read.Outputs), Is.EqualTo((record.Cause, record.Inputs, record.Outputs)));
    }

    [TestCase("""{"format":3,"agent_name":"d","bottle":"d","cwd":"/","started_at":"2026-01-02T12:00:00+00:00","compose_project":"p"}""")]
    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("")]
    public void A_broken_file_is_a_diagnostic(string text)
    {
        File.WriteAllText(state["metadata.json"], text);
        Assert.That(Assert.Throws<BottleException>(() => state.ReadMetadata())!.Diagnostics[0].Code, Is.EqualTo("BTL3107"));
    }
}
