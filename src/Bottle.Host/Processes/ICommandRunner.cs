namespace Bottle.Host.Processes;

/// <summary>The only way to start a process.</summary>
public interface ICommandRunner
{
    /// <summary>
    /// Runs a command and captures what it prints. A non-zero exit code is a result, not an exception.
    /// A missing program is a <see cref="Core.Diagnostics.BottleException"/>; a cancellation is SIGTERM, after <see cref="Command.Grace"/> SIGKILL, then a <see cref="CommandCanceledException"/>.
    /// </summary>
    Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default);

    /// <summary>Runs a command on Bottle's own terminal, nothing redirected, and returns its exit code; cancellation as in <see cref="RunAsync"/>.</summary>
    Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default);
}
