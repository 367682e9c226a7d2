using Bottle.Host.Processes;

namespace Bottle.Scenarios.Apply;

/// <summary>The real runner of a process that is killed just before one of its commands: from then on nothing of it happens any more.</summary>
internal sealed class StoppingRunner(int at) : ICommandRunner
{
    private readonly CommandRunner inner = new();
    private int commands;

    /// <summary>Completes when it is dead.</summary>
    internal TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        // The program that waits in egress's container is none of its own steps.
        if (!command.Arguments.Contains("await") && Interlocked.Increment(ref commands) >= at)
        {
            Stopped.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
        return await inner.RunAsync(command, cancellationToken);
    }

    public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(command, cancellationToken);
}
