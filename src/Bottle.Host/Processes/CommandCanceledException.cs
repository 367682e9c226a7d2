namespace Bottle.Host.Processes;

/// <summary>A command was ended because its caller gave up; what it had printed is kept.</summary>
public sealed class CommandCanceledException(Command command, CommandResult partial, CancellationToken cancellationToken)
    : OperationCanceledException($"Cancelled: {command}", cancellationToken)
{
    /// <summary>What the command had printed, and how it ended.</summary>
    public CommandResult Partial { get; } = partial;
}
