using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

[Parallelizable(ParallelScope.All)]
public sealed class ImagePullerTests
{
    [Test]
    public async Task A_registry_that_did_not_answer_is_not_asked_again_in_the_run()
    {
        var runner = new RecordingCommandRunner().Answer("docker pull", "", 1, "dial tcp: no such host\n");
        var puller = new ImagePuller(runner, _ => { });
        Assert.That(await puller.TryPullAsync("debian:bookworm-slim"), Is.EqualTo("dial tcp: no such host"));
        Assert.That(await puller.TryPullAsync("alpine"), Is.EqualTo("dial tcp: no such host"));
        Assert.That(runner.Commands, Has.Count.EqualTo(1));
        await puller.TryPullAsync("registry.test:5000/x");
        Assert.That(runner.Commands, Has.Count.EqualTo(2), "another registry is another question");
    }

    [Test]
    public async Task A_registry_that_says_nothing_is_given_up()
    {
        var why = await new ImagePuller(new Client("sleep 60"), _ => { }, TimeSpan.FromMilliseconds(100)).TryPullAsync("registry.test/x");
        Assert.That(why, Is.EqualTo("no answer from registry.test in time"));
    }

    [Test]
    public async Task Once_it_answers_the_layers_may_take_longer()
    {
        var why = await new ImagePuller(new Client("echo 'x: Pulling from x'; sleep 0.7"), _ => { }, TimeSpan.FromMilliseconds(400)).TryPullAsync("registry.test/x");
        Assert.That(why, Is.Null);
    }

    [Test]
    public async Task A_run_that_is_given_up_is_no_silent_registry()
    {
        using var stop = new CancellationTokenSource(100);
        var puller = new ImagePuller(new Client("sleep 60"), _ => { });
        Assert.That(await Assert.CatchAsync<OperationCanceledException>(() => puller.TryPullAsync("registry.test/x", stop.Token)), Is.Not.Null);
    }

    /// <summary>A real process in the client's place.</summary>
    private sealed class Client(string script) : ICommandRunner
    {
        private readonly CommandRunner inner = new();

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default) =>
            inner.RunAsync(command with { FileName = "sh", Arguments = ["-c", script] }, cancellationToken);

        public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(command, cancellationToken);
    }
}
