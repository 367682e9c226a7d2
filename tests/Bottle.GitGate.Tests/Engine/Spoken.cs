namespace Bottle.GitGate.Tests.Engine;

/// <summary>How a script ended, and all that it said.</summary>
internal sealed record Spoken(int ExitCode, string Text)
{
    public bool Succeeded => ExitCode == 0;
}
