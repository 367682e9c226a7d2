using Bottle.Host.Processes;

namespace Bottle.Scenarios.Apply;

/// <summary>The real runner, with something that happens once, just before the first command that <paramref name="isDue"/> knows.</summary>
internal sealed class FaultyRunner(Func<Command, bool> isDue, Func<Task> fault) : ICommandRunner
{
    private readonly CommandRunner inner = new();
    private int happened;

    /// <summary>Before a command, counted from 1.</summary>
    internal static FaultyRunner At(int command, Func<Task> fault)
    {
        var commands = 0;
        return new(_ => Interlocked.Increment(ref commands) == command, fault);
    }

    /// <summary>Whether there was such a command.</summary>
    internal bool Happened => happened > 0;

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        if (isDue(command) && Interlocked.Exchange(ref happened, 1) == 0)
            await fault();
        return await inner.RunAsync(command, cancellationToken);
    }

    public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(command, cancellationToken);
}
