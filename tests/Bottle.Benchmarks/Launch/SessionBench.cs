using System.Diagnostics;
using System.Globalization;
using Bottle.Benchmarks.Machine;

namespace Bottle.Benchmarks.Launch;

/// <summary>
/// A whole session with warm images: from the command line to the agent's first command, and from its end to nothing left. The yardstick is Compose alone, up and down, with the very file that Bottle wrote.
/// Whoever is measured runs <c>date</c> as the first command: its clock reading is when it began.
/// </summary>
internal sealed class SessionBench
{
    /// <summary>Contestants' names, as tables show them.</summary>
    internal const string Tool = "bottle start", Cake = "dotnet cake Start", Compose = "docker compose up", DockerRun = "docker run", Srt = "srt";

    /// <summary>Metrics' names.</summary>
    internal const string First = "first command ms", Down = "teardown ms";

    private const string Agent = "bench";
    private const string Identity = "bench-00000";
    private const string Project = $"claude-bottle-{Identity}";
    private static readonly string[] FirstCommand = ["date", "+%s%N"];

    private readonly string home;
    private readonly string tool;
    private readonly string root = SidecarBinary.RepositoryRoot();
    private string? srt;
    private string image = "";

    private SessionBench(string home, string tool) => (this.home, this.tool) = (home, tool);

    private string State => Path.Combine(home, "state", Identity);

    /// <summary>Builds the images by a first launch that stops before the containers, and keeps its file for Compose.</summary>
    internal static SessionBench Prepare(Workspace workspace, string tool)
    {
        var bench = new SessionBench(workspace.Folder("sessions"), tool);
        bench.WriteManifests();
        Console.Error.WriteLine("building the images …");
        bench.Bottle(Cake, "BuildImages", $"--bottle={Identity}");
        bench.Bottle(Cake, "WriteCompose", $"--bottle={Identity}");
        var compose = File.ReadAllLines(Path.Combine(bench.State, "docker-compose.yml"));
        bench.image = compose.Select(line => line.Trim()).First(line => line.StartsWith("image:", StringComparison.Ordinal) && line.Contains("bottle-agent", StringComparison.Ordinal))["image:".Length..].Trim(' ', '"', '\'');
        bench.srt = Sandbox(workspace);
        return bench;
    }

    /// <summary>One session of everybody, in turn; contestants by name, each with its metrics in milliseconds.</summary>
    internal Dictionary<string, Dictionary<string, double>> Run(int number)
    {
        List<(string Name, Func<Dictionary<string, double>> Session)> sessions =
        [
            (Tool, () => Bottle(Tool, "Start")), (Compose, ComposeAlone), (Cake, () => Bottle(Cake, "Start")),
            (DockerRun, () => Session("docker", ["run", "--rm", "--network", "none", image, .. FirstCommand], root)),
        ];
        if (srt is not null) sessions.Add((Srt, () => Session(srt, FirstCommand, root)));
        return Enumerable.Range(0, sessions.Count).Select(at => sessions[(at + number) % sessions.Count]).ToDictionary(one => one.Name, one => one.Session());
    }

    /// <summary>Removes the run whose file Compose was given.</summary>
    internal void End() => Start("dotnet", ["cake", "--target=Cleanup", $"--bottle={Identity}"], root);

    private void WriteManifests()
    {
        var bottles = Directory.CreateDirectory(Path.Combine(home, "bottles")).FullName;
        Directory.CreateDirectory(Path.Combine(bottles, "agents"));
        var folder = Directory.CreateDirectory(Path.Combine(bottles, "images", Agent)).FullName;
        File.WriteAllText(Path.Combine(bottles, $"{Agent}.md"), "---\nenv: {LOG: debug}\negress: {routes: [{host: api.example.com}]}\n---\n");
        File.WriteAllText(Path.Combine(bottles, "agents", $"{Agent}.md"), $"---\nbottle: {Agent}\ncommand: [{string.Join(", ", FirstCommand.Select(word => $"'{word}'"))}]\n---\n");
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), "ARG BASE\nFROM ${BASE}\nRUN useradd --uid 1000 --create-home agent\nUSER 1000:1000\nCMD [\"sleep\", \"infinity\"]\n");
    }

    private Dictionary<string, double> Bottle(string door, string target, params string[] more) =>
        door == Tool ? Session(tool, ["start", Agent, "--yes", "--allow-stand-in", .. more], home)
            : Session("dotnet", ["cake", $"--target={target}", $"--agent={Agent}", "--yes", "--allow-stand-in", "--setup", .. more], root);

    private Dictionary<string, double> ComposeAlone()
    {
        string[] project = ["compose", "--progress", "plain", "--project-name", Project];
        var (begun, _) = Start("docker", [.. project, "--project-directory", State, "--file", Path.Combine(State, "docker-compose.yml"), "--env-file", "/dev/null", "up", "--detach", "--wait", "--no-build", "--quiet-pull"], State);
        var (_, output) = Start("docker", ["exec", Project, .. FirstCommand], State);
        var clock = Stopwatch.GetTimestamp();
        Start("docker", [.. project, "down", "--remove-orphans", "--volumes", "--timeout", "2"], "/");
        return new() { [First] = (Reading(output) - begun) / 1e6, [Down] = Stopwatch.GetElapsedTime(clock).TotalMilliseconds };
    }

    // From the first command's clock reading to the exit is the teardown; the command itself takes a millisecond.
    private Dictionary<string, double> Session(string program, IReadOnlyList<string> arguments, string folder)
    {
        var (begun, output) = Start(program, arguments, folder);
        var ended = Now();
        return Reading(output) is var read and > 0 ? new() { [First] = (read - begun) / 1e6, [Down] = (ended - read) / 1e6 } : [];
    }

    private (double Begun, string Output) Start(string program, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home;
        start.Environment["PWD"] = folder;
        start.Environment["NO_COLOR"] = "1";
        var begun = Now();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (begun, output) : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
    }

    // Anthropic's sandbox-runtime, where npm and what it needs are there; it makes no container.
    private static string? Sandbox(Workspace workspace)
    {
        var folder = workspace.Folder("srt");
        try
        {
            Child.Run(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", "@anthropic-ai/sandbox-runtime");
            var program = Path.Combine(folder, "node_modules", ".bin", "srt");
            Child.Run(folder, program, FirstCommand);
            return program;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"srt is not measured: {e.Message}");
            return null;
        }
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100.0;

    // The only line of nothing but digits.
    private static double Reading(string output) =>
        output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 15 && line.All(char.IsAsciiDigit)).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).FirstOrDefault();
}
