using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Processes;

/// <summary>What callers of a runner share.</summary>
public static class CommandRunnerExtensions
{
    /// <summary>Runs a command whose failure ends the phase: BTL4111 with the command line, the exit code and the last 20 lines.</summary>
    public static async Task<CommandResult> RunCheckedAsync(this ICommandRunner runner, Command command, CancellationToken cancellationToken = default)
    {
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result : throw new BottleException(Failed(command, result));
    }

    /// <summary>The diagnostic of a failed command.</summary>
    public static Diagnostic Failed(Command command, CommandResult result)
    {
        var redaction = new Redaction(command.Redact);
        return EngineErrors.CommandFailed(command.ToString(), result.ExitCode, [.. result.LastLines().Select(redaction.Apply)]);
    }
}
