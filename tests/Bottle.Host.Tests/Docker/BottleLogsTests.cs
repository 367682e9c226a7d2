using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class BottleLogsTests
{
    private const string Egress = """{"id":"e1","name":"claude-bottle-egress-dev-00000","state":"running","identity":"dev-00000","service":"egress","home":"h"}""";
    private const string Agent = """{"id":"a1","name":"claude-bottle-dev-00000","state":"running","identity":"dev-00000","service":"agent","home":"h"}""";

    [Test]
    public async Task Lines_of_all_containers_come_in_the_order_of_time_and_inert()
    {
        var runner = new RecordingCommandRunner().Answer("ps --all", $"{Egress}\n{Agent}\n")
            .Answer("--tail 5 e1", "2026-11-21T08:00:00.000000001Z first\n2026-11-21T08:00:02.000000000Z third\n").Answer("--tail 5 a1", "2026-11-21T08:00:01.000000000Z \u001b[2Jsecond\n");
        var lines = await new BottleLogs(new DockerEngine(runner), "h", "dev-00000").ReadAsync(5);
        Assert.That(lines.Select(line => line.Inert(7)), Is.EqualTo(new[]
        {
            "2026-11-21T08:00:00.000000001Z egress  | first", "2026-11-21T08:00:01.000000000Z agent   | ␛[2Jsecond", "2026-11-21T08:00:02.000000000Z egress  | third",
        }));
        Assert.That(lines[1].Json("dev-00000"), Is.EqualTo("""{"identity":"dev-00000","time":"2026-11-21T08:00:01.000000000Z","service":"agent","text":"\u001B[2Jsecond"}"""));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Following_goes_on_where_reading_ended_says_nothing_twice_and_ends_with_the_containers(CancellationToken cancellationToken)
    {
        var runner = new RecordingCommandRunner().Answer("ps --all", Egress).Answer("ps --all", Egress).Answer("ps --all", Egress.Replace("running", "exited", StringComparison.Ordinal))
            .Answer("--follow --since 2026-11-21T08:00:00.000000001Z e1", "2026-11-21T08:00:00.000000001Z old\n2026-11-21T08:00:05.000000000Z new\n").Answer("logs --timestamps e1", "2026-11-21T08:00:00.000000001Z old\n");
        var logs = new BottleLogs(new DockerEngine(runner), "h", "dev-00000");
        await logs.ReadAsync(cancellationToken: cancellationToken);
        var lines = new List<string>();
        await logs.FollowAsync(line => lines.Add(line.Text), cancellationToken);
        Assert.That(lines, Is.EqualTo(new[] { "new" }));
    }

    [TestCase("33.2MiB / 256MiB", 34_812_723L)]
    [TestCase("1.5GiB / 8GiB", 1_610_612_736L)]
    [TestCase("512B / 1kB", 512L)]
    [TestCase("-- / --", null)]
    public void Memory_is_read_as_docker_writes_it_for_people(string text, long? bytes) => Assert.That(DockerEngine.Memory(text), Is.EqualTo(bytes));

    [Test]
    public async Task What_one_container_uses_is_known_also_when_another_one_has_gone()
    {
        var runner = new RecordingCommandRunner().Answer("stats", """{"name":"a","memory":"2MiB / 8GiB","processor":"12.50%"}""", 1, "Error: No such container: b");
        Assert.That(await new DockerEngine(runner).UsageAsync(["a", "b"]), Is.EqualTo(new[] { new ContainerUsage("a", 2 * 1024 * 1024, 12.5) }));
    }
}
