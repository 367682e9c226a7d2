namespace Bottle.Host.Setup;

/// <summary>What set-up may do on this machine, and how it talks.</summary>
public sealed record SetupContext
{
    /// <summary>Whether <c>--setup</c> was given: only then something is installed, started or made from Debian packages.</summary>
    public required bool MayInstall { get; init; }

    /// <summary>What was typed, for messages that say what to type next (<c>dotnet cake --target=Start --agent=demo --yes</c>).</summary>
    public required string CommandLine { get; init; }

    /// <summary>Called with each thing before it is done; may be called by several threads at once.</summary>
    public required Action<string> Say { get; init; }

    /// <summary>Whether the effective user is root.</summary>
    public bool IsRoot { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary><see cref="CommandLine"/> with <c>--setup</c>.</summary>
    public string SetupCommandLine => CommandLine.Contains("--setup", StringComparison.Ordinal) ? CommandLine : $"{CommandLine} --setup";
}
