using Bottle.Host.Docker;
using Bottle.Host.Sessions;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
internal sealed class LimitEventsTests
{
    [TestCase("low 0\nhigh 0\nmax 17\noom 2\noom_kill 2\n--\nmax 5\n", 2, 5)]
    [TestCase("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n--\nmax 0\n", 1, 0)]
    [TestCase("--\n", 0, 0)]
    [TestCase("", 0, 0)]
    public void Both_versions_of_control_groups_are_read_and_none_says_nothing(string text, long memory, long processes) =>
        Assert.That(LimitEvents.Parse(text), Is.EqualTo(new LimitEvents(memory, processes)));

    [Test]
    public async Task Where_not_even_a_shell_can_be_started_the_container_is_full()
    {
        var engine = new DockerEngine(new RecordingCommandRunner().Answer("docker exec", "", 126, "OCI runtime exec failed: exec failed: unable to start container process: read init-p: connection reset by peer: unknown").Answer("docker inspect", "false\n"));
        Assert.That((await LimitEvents.ReadAsync(engine, "c")).IsFull, Is.True);
    }

    [TestCase("true\n", 1)]
    [TestCase("false\n", 0)]
    [TestCase("", 0)]
    public async Task Of_a_container_that_has_ended_the_engine_is_asked(string killed, long memory)
    {
        var engine = new DockerEngine(new RecordingCommandRunner().Answer("docker exec", "", 1, "Error response from daemon: container 1f is not running").Answer("docker inspect", killed));
        Assert.That(await LimitEvents.ReadAsync(engine, "c"), Is.EqualTo(new LimitEvents(memory, 0) { HasEnded = true }));
    }
}
