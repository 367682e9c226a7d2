namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Engine, Compose and the processes that Bottle starts: BTL41xx and up (BTL40xx is set-up).</summary>
public static class EngineErrors
{
    /// <summary>A program is not on PATH.</summary>
    public static Diagnostic ExecutableMissing(string program) => new()
    {
        Code = "BTL4110",
        Message = $"program '{program}' was not found",
        Why = "Bottle looks in the absolute folders of PATH only, never in the working directory",
        Fix = $"install '{program}', or add its folder to PATH",
    };

    /// <summary>A command ended with an exit code other than 0.</summary>
    public static Diagnostic CommandFailed(string commandLine, int exitCode, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4111",
        Message = $"command failed with exit code {exitCode}: {commandLine}",
        Why = lastLines.Count == 0 ? "it printed nothing" : "its last lines:\n" + string.Join('\n', lastLines),
    };

    /// <summary>A program is there and does not start.</summary>
    public static Diagnostic CannotStart(string commandLine, string reason) => new()
    {
        Code = "BTL4112",
        Message = $"command cannot be started: {commandLine}",
        Why = reason,
    };

    /// <summary>The folder that a command shall run in does not exist.</summary>
    public static Diagnostic WorkingDirectoryMissing(string commandLine, string folder) => new()
    {
        Code = "BTL4113",
        Message = $"folder '{folder}' does not exist",
        Why = $"this command was to run there: {commandLine}",
    };
}
