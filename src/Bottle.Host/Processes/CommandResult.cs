using System.Diagnostics.CodeAnalysis;

namespace Bottle.Host.Processes;

/// <summary>How a captured command ended. A signal n that ended it is exit code 128 + n.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output as it came, UTF-8.</param>
/// <param name="Error">Standard error, redacted, UTF-8.</param>
[SuppressMessage("Naming", "CA1716", Justification = "Error is what the stream is called.")]
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether the beginning of a stream was dropped (<see cref="Command.OutputLimit"/>).</summary>
    public bool Truncated { get; init; }

    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines of standard error, or of standard output when there is no error text.</summary>
    public IReadOnlyList<string> LastLines(int count = 20)
    {
        var text = string.IsNullOrWhiteSpace(Error) ? Output : Error;
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd()).Where(l => l.Length > 0).TakeLast(count)];
    }
}
