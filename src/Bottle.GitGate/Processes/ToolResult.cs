using System.Text;

namespace Bottle.GitGate.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 124 when it was stopped because its time was over.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error, as UTF-8.</param>
internal sealed record ToolResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>The exit code of a program that ran out of time.</summary>
    public const int TimedOut = 124;

    /// <summary>Whether it ended well.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Standard output as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Standard output in lines, none empty.</summary>
    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
