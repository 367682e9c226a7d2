using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>Who replaces pipelock waits for what the git-gate has under way.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class GateControlTests
{
    private const string Idle = """{"repositories":[{"name":"app","busy":false},{"name":"lib","busy":false}]}""";
    private const string Busy = """{"repositories":[{"name":"app","busy":false},{"name":"lib","busy":true}]}""";

    [TestCase(1, Idle)]
    [TestCase(3, Busy, Busy, Idle)]
    [TestCase(2, "not json", Idle)]
    public async Task It_waits_for_a_moment_without_a_transfer(int asked, params string[] answers)
    {
        var gate = new Gate(answers);
        Assert.That(await DrainAsync(gate, TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(gate.Asked, Is.EqualTo(asked));
    }

    [TestCase(Busy)]
    [TestCase("")]
    [TestCase("""{"repositories":[]}""")]
    [TestCase("""{"repositories":[{"name":"app"}]}""")]
    public async Task A_gate_that_does_not_say_that_it_is_idle_is_waited_for_to_the_end(string answer) =>
        Assert.That(await DrainAsync(new Gate([answer]), TimeSpan.Zero), Is.False);

    private static async Task<bool> DrainAsync(Gate gate, TimeSpan patience)
    {
        using var bottle = ApplyTests.Bottle();
        return await new GateControl(new DockerEngine(gate), bottle.Plan, new ApplyLimits { Drain = patience, Again = TimeSpan.FromMilliseconds(4) }).DrainAsync(CancellationToken.None);
    }

    /// <summary>Gives one answer after the other, the last one for ever.</summary>
    private sealed class Gate(string[] answers) : ICommandRunner
    {
        public int Asked { get; private set; }

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
        {
            Assert.That(command.ToString(), Does.StartWith("docker exec ").And.EndsWith("git-gate introspect"));
            return Task.FromResult(new CommandResult(0, answers[Math.Min(Asked++, answers.Length - 1)], ""));
        }

        public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => throw new InvalidOperationException();
    }
}
