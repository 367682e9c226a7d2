using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Bottle.Benchmarks.Launch;
using Bottle.Benchmarks.Machine;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Testing;

namespace Bottle.Benchmarks.Soak;

/// <summary>
/// <c>bench soak launch</c>: starts and stops of a bottle, some at once, through the installed tool; after each hundred everything that could be left is looked for. Every tenth bottle has egress and pipelock,
/// the others no more than an agent. Exit code 1 when a start failed or anything is left.
/// </summary>
internal sealed class LaunchSoak
{
    private const int Batch = 100;
    private const int WithEgressEvery = 10;
    private const int MostShown = 10;
    private const string Minimal = "soak", WithEgress = "soak-egress";

    private readonly BenchOptions options;
    private readonly string tool;
    private readonly BottleHome home;
    private readonly DockerEngine engine = new(new CommandRunner());
    private readonly ConcurrentBag<LaunchCycle> cycles = [];
    private readonly SortedSet<string> left = new(StringComparer.Ordinal);

    private LaunchSoak(BenchOptions options, string tool, BottleHome home) => (this.options, this.tool, this.home) = (options, tool, home);

    internal static async Task<int> RunAsync(BenchOptions options)
    {
        using var workspace = new Workspace(options.KeepsFolder);
        var soak = new LaunchSoak(options, InstalledTool.Install(workspace), new BottleHome(workspace.Folder("home")));
        soak.WriteManifests();
        Console.Error.WriteLine("building the images …");
        foreach (var agent in (string[])[Minimal, WithEgress])
            if (await soak.StartAsync(agent, "--setup") is { ExitCode: not 0 } failed)
                throw new InvalidOperationException($"the first start of {agent} ended with {failed.ExitCode}:\n{failed.Output}");
        return await soak.CyclesAsync();
    }

    private async Task<int> CyclesAsync()
    {
        var volumes = await VolumesAsync();
        var before = EngineProcesses.Read();
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < options.Cycles; done += Batch)
        {
            await Parallel.ForEachAsync(Enumerable.Range(done, Math.Min(Batch, options.Cycles - done)), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel },
                async (number, _) => cycles.Add(await StartAsync(number % WithEgressEvery == WithEgressEvery - 1 ? WithEgress : Minimal)));
            left.UnionWith(await Residue.FindAsync(home, engine));
            left.UnionWith(Residue.FindInKernel(home));
            Say($"{cycles.Count} cycles in {clock.Elapsed.TotalMinutes:F1} min, {cycles.Count(cycle => cycle.ExitCode != 0)} failed, {left.Count} things left; {Engine(EngineProcesses.Read())}");
        }
        left.UnionWith((await VolumesAsync()).Except(volumes).Select(volume => $"volume {volume}"));
        return new LaunchSoakReport(options, [.. cycles], [.. left], before, EngineProcesses.Read(), clock.Elapsed).Write(MostShown);
    }

    internal static string Engine(EngineProcesses state) => string.Create(CultureInfo.InvariantCulture, $"engine {state.Megabytes:F0} MB, {state.Descriptors} open files, {state.Shims} containers' processes");

    private static void Say(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private async Task<LaunchCycle> StartAsync(string agent, params string[] more)
    {
        var start = new ProcessStartInfo(tool, ["start", agent, "--yes", "--allow-stand-in", "--verbosity=quiet", .. more]) { WorkingDirectory = home.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home.Root;
        start.Environment["PWD"] = home.Root;
        start.Environment["NO_COLOR"] = "1";
        var clock = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start");
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new LaunchCycle(agent, process.ExitCode, Stopwatch.GetElapsedTime(clock).TotalSeconds, await output + await errors);
    }

    // No run of ours has one, so that whose they are needs no telling; somebody else's work on the engine would be counted too.
    private static async Task<IReadOnlyList<string>> VolumesAsync()
    {
        var result = await new CommandRunner().RunAsync(new Command("docker", "volume", "ls", "--quiet"));
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void WriteManifests()
    {
        Write(Minimal, "env: {LOG: debug}");
        Write(WithEgress, "egress: {routes: [{host: api.example.com}]}");
    }

    private void Write(string agent, string bottle)
    {
        Directory.CreateDirectory(Path.Combine(home.Bottles, "agents"));
        var image = Directory.CreateDirectory(Path.Combine(home.Bottles, "images", agent)).FullName;
        File.WriteAllText(Path.Combine(home.Bottles, $"{agent}.md"), $"---\n{bottle}\n---\n");
        File.WriteAllText(Path.Combine(home.Bottles, "agents", $"{agent}.md"), $"---\nbottle: {agent}\ncommand: ['true']\n---\n");
        File.WriteAllText(Path.Combine(image, "Dockerfile"), "ARG BASE\nFROM ${BASE}\nRUN useradd --uid 1000 --create-home agent\nUSER 1000:1000\nCMD [\"sleep\", \"infinity\"]\n");
    }
}
