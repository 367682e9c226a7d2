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

    /// <summary>The diagnostic of a failed command: BTL4111, or BTL4101 and BTL4102 where Docker's client says that no engine answers it.</summary>
    public static Diagnostic Failed(Command command, CommandResult result)
    {
        var redaction = new Redaction(command.Redact);
        if (command.FileName == "docker" && result.Error.Split('\n').FirstOrDefault(IsAboutTheEngine) is { } said)
            return said.Contains("permission denied", StringComparison.OrdinalIgnoreCase) ? EngineErrors.PermissionDenied(redaction.Apply(said)) : EngineErrors.NotReachable(redaction.Apply(said));
        return EngineErrors.CommandFailed(command.ToString(), result.ExitCode, [.. result.LastLines().Select(redaction.Apply)]);
    }

    // What the client itself says; a container's own "permission denied" is none of it.
    private static bool IsAboutTheEngine(string line) =>
        line.Contains("Cannot connect to the Docker daemon", StringComparison.Ordinal) || line.Contains("trying to connect to the Docker daemon socket", StringComparison.Ordinal)
        || line.Contains("trying to connect to the docker API", StringComparison.OrdinalIgnoreCase);
}
