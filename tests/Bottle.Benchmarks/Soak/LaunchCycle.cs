namespace Bottle.Benchmarks.Soak;

/// <summary>One start and stop.</summary>
/// <param name="Agent">Which bottle.</param>
/// <param name="ExitCode">0 when all went well: the agent runs <c>true</c>.</param>
/// <param name="Seconds">From the command line to its end.</param>
/// <param name="Output">What it printed, quiet as it was asked to be.</param>
internal sealed record LaunchCycle(string Agent, int ExitCode, double Seconds, string Output);
