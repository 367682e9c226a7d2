using Bottle.Core.Diagnostics;
using Bottle.Host.Docker;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class ComposeProjectTests
{
    private const string Home = "0123456789ab";

    [Test]
    public async Task Up_waits_builds_nothing_and_keeps_values_out_of_sight()
    {
        var runner = new RecordingCommandRunner().Answer("up", "", 0, " Container x  Started value-1\n");
        var outcome = await Project(runner).UpAsync(new Dictionary<string, string> { ["API_KEY"] = "value-1" });
        Assert.That(outcome.Succeeded);
        Assert.That(runner.Lines.Single(), Is.EqualTo("docker compose --progress plain --project-name p --project-directory /state --file /state/docker-compose.yml --env-file /dev/null up --detach --wait --wait-timeout 120 --no-build --quiet-pull"));
        Assert.That(runner.Commands[0].Environment["API_KEY"], Is.EqualTo("value-1"));
        Assert.That(runner.Commands[0].Environment["COMPOSE_FILE"], Is.Null);
        Assert.That(runner.Commands[0].Redact, Is.EqualTo(new[] { "value-1" }));
    }

    [Test]
    public async Task Up_after_a_live_change_recreates_nothing()
    {
        var runner = new RecordingCommandRunner().Answer("up");
        await Project(runner).UpAsync(new Dictionary<string, string>(), keepsContainers: true);
        Assert.That(runner.Lines.Single(), Does.EndWith(" --quiet-pull --no-recreate"));
    }

    // What Compose 2.26 and later wrote, and engines 26 and 28.
    [TestCase("failed to create network p_internal: Error response from daemon: Pool overlaps with other one on this address space", ComposeFailure.PoolOverlaps, "p_internal", "BTL4130")]
    [TestCase("failed to create network p_relay: Error response from daemon: invalid pool request: Pool overlaps with other one on this address space", ComposeFailure.PoolOverlaps, "p_relay", "BTL4130")]
    [TestCase("Error response from daemon: No such image: no-such-image-x:latest", ComposeFailure.ImageMissing, "no-such-image-x:latest", "BTL4131")]
    [TestCase("Error response from daemon: pull access denied for bottle-x, repository does not exist", ComposeFailure.ImageMissing, "bottle-x", "BTL4131")]
    [TestCase("Error response from daemon: Conflict. The container name \"/claude-bottle-x\" is already in use by container \"abc\".", ComposeFailure.NameTaken, "claude-bottle-x", "BTL4135")]
    [TestCase("dependency failed to start: container claude-bottle-egress-x is unhealthy", ComposeFailure.ServiceUnhealthy, "claude-bottle-egress-x", "BTL4132")]
    [TestCase("dependency failed to start: container claude-bottle-egress-x exited (3)", ComposeFailure.ServiceExited, "claude-bottle-egress-x", "BTL4133")]
    [TestCase("container claude-bottle-x is not running", ComposeFailure.ServiceExited, "claude-bottle-x", "BTL4133")]
    [TestCase("something new", ComposeFailure.Other, "something new", "BTL4134")]
    public async Task What_Compose_says_is_understood(string error, ComposeFailure failure, string subject, string code)
    {
        var runner = new RecordingCommandRunner().Answer(" up ", "", 1, error + "\n").Answer("docker logs", "last \u001b[31mword\n").Answer("docker inspect", "no answer\n");
        var outcome = await Project(runner).UpAsync(new Dictionary<string, string>());
        Assert.That((outcome.Failure, outcome.Subject, outcome.Diagnostic!.Code), Is.EqualTo((failure, subject, code)));
        if (failure is ComposeFailure.ServiceUnhealthy or ComposeFailure.ServiceExited)
            Assert.That(outcome.Diagnostic.Why, Is.EqualTo("its last lines:\nlast ␛[31mword\nhealth check: no answer"));
    }

    [Test]
    public async Task Down_goes_by_labels_from_a_folder_without_a_Compose_file()
    {
        var runner = new RecordingCommandRunner().Answer("docker ps", Container(Home)).Answer("docker ps", "").Answer("network ls", Network(Home)).Answer("compose").Answer("network rm");
        await Project(runner).DownAsync();
        var down = runner.Commands.Single(c => c.Arguments[0] == "compose");
        Assert.That(down.ToString(), Is.EqualTo("docker compose --progress plain --project-name p down --remove-orphans --volumes --timeout 2"));
        Assert.That((down.WorkingDirectory, down.OwnSession), Is.EqualTo(("/", true)));
        Assert.That(runner.Lines, Has.Some.EqualTo("docker network rm n1"), "what down left is removed by its label");
    }

    [Test]
    public async Task Down_of_nothing_runs_no_Compose()
    {
        var runner = new RecordingCommandRunner().Answer("docker ps").Answer("network ls");
        await Project(runner).DownAsync();
        Assert.That(runner.Lines, Has.None.Contains("compose --"));
    }

    [Test]
    public async Task Down_does_not_touch_a_project_of_another_home()
    {
        var runner = new RecordingCommandRunner().Answer("docker ps", Container("ffffffffffff")).Answer("network ls");
        var e = await Assert.ThrowsAsync<BottleException>(() => Project(runner).DownAsync());
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL8101"));
        Assert.That(runner.Lines, Has.All.Match("^docker (ps|network ls) "));
    }

    [Test]
    public async Task Logs_are_merged_by_time_and_inert()
    {
        var runner = new RecordingCommandRunner()
            .Answer("docker ps", Container(Home, "a", "agent") + Container(Home, "e", "egress"))
            .Answer("logs --timestamps a", "2026-01-01T00:00:02.000000000Z two\n2026-01-01T00:00:04.000000000Z\n")
            .Answer("logs --timestamps e", "2026-01-01T00:00:01.000000000Z o\u001bne\n", 0, "2026-01-01T00:00:03.000000000Z three\n");
        using var writer = new StringWriter { NewLine = "\n" };
        await Project(runner).LogsAsync(writer);
        Assert.That(writer.ToString(), Is.EqualTo("""
            2026-01-01T00:00:01.000000000Z egress | o␛ne
            2026-01-01T00:00:02.000000000Z agent  | two
            2026-01-01T00:00:03.000000000Z egress | three
            2026-01-01T00:00:04.000000000Z agent  | 

            """));
    }

    private static ComposeProject Project(RecordingCommandRunner runner) => new(new DockerEngine(runner), "/state", "p", Home);

    private static string Container(string home, string id = "c1", string service = "agent") =>
        $$"""{"id":"{{id}}","name":"x","image":"i","state":"running","status":"Up","identity":"demo-00000","service":"{{service}}","home":"{{home}}"}""" + "\n";

    private static string Network(string home) => $$"""{"id":"n1","name":"p_internal","identity":"demo-00000","home":"{{home}}"}""" + "\n";
}
