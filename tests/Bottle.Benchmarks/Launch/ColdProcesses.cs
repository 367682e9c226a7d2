using System.Diagnostics;
using Bottle.Benchmarks.Machine;

namespace Bottle.Benchmarks.Launch;

/// <summary>Whole processes, from start to exit, that answer what a launch would be: the installed tool, <c>dotnet cake</c> with a warm script cache, and Compose reading the very file.</summary>
internal sealed class ColdProcesses
{
    /// <summary>Contestants' names, as tables show them.</summary>
    internal const string Tool = "bottle plan", Cake = "dotnet cake Plan", Compose = "compose config";

    private const string Agent = "demo";
    private readonly string home;
    private readonly IReadOnlyList<(string Name, string Folder, string Program, string[] Arguments)> commands;

    /// <summary>The installed tool.</summary>
    internal required string Installed { get; init; }

    private ColdProcesses(string home, IReadOnlyList<(string Name, string Folder, string Program, string[] Arguments)> commands) => (this.home, this.commands) = (home, commands);

    /// <summary>Packs and installs the tool as a user does, renders the demo, and runs everything once, so that nothing is built or compiled afterwards.</summary>
    internal static ColdProcesses Prepare(Workspace workspace)
    {
        var root = SidecarBinary.RepositoryRoot();
        var (rendered, home) = (workspace.Folder("rendered"), workspace.Folder("home"));
        var bottle = InstalledTool.Install(workspace);
        Child.Run(root, "dotnet", "tool", "restore");
        var cold = new ColdProcesses(home,
        [
            (Tool, rendered, bottle, ["plan", Agent]),
            (Cake, root, "dotnet", ["cake", "--target=Plan", $"--agent={Agent}"]),
            (Compose, rendered, "docker", ["compose", "--file", Path.Combine(rendered, Agent, "docker-compose.yml"), "config", "--quiet"]),
        ])
        { Installed = bottle };
        cold.RunOnce(rendered, bottle, ["render", Agent, $"--out={rendered}"]);
        foreach (var command in cold.commands)
            cold.RunOnce(command.Folder, command.Program, command.Arguments);
        return cold;
    }

    /// <summary>Milliseconds from start to exit, by contestant: the median of several runs, taken in turn.</summary>
    internal Dictionary<string, double> Run(int times) =>
        Enumerable.Range(0, times).SelectMany(_ => commands.Select(command => (command.Name, Took: RunOnce(command.Folder, command.Program, command.Arguments))))
            .GroupBy(run => run.Name).ToDictionary(runs => runs.Key, runs => Measures.Statistics.Median(runs.Select(run => run.Took)));

    private double RunOnce(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home;
        start.Environment["PWD"] = folder;
        start.Environment["NO_COLOR"] = "1";
        var clock = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{errors.Result}");
    }
}
