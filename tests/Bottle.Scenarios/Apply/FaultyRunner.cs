using Bottle.Host.Processes;

namespace Bottle.Scenarios.Apply;

/// <summary>The real runner, with something that happens just before one of the commands.</summary>
internal sealed class FaultyRunner(int at, Func<Task> fault) : ICommandRunner
{
    private readonly CommandRunner inner = new();
    private int commands;

    /// <summary>Whether there were as many commands.</summary>
    internal bool Happened { get; private set; }

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref commands) == at)
        {
            Happened = true;
            await fault();
        }
        return await inner.RunAsync(command, cancellationToken);
    }

    public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(command, cancellationToken);
}
