using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Bottle.Scenarios;

/// <summary>A command as a user types it, at door 1 (<c>dotnet cake …</c> in the repository) or another, in a process group of its own, so that signals can be sent as a terminal sends them.</summary>
internal sealed partial class Cake : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    private Cake(Process process) => this.process = process;

    /// <summary>The repository's root: the nearest folder above the test assembly that holds bottle.cake.</summary>
    internal static string Repository { get; } = FindRepository(AppContext.BaseDirectory);

    internal int Pid => process.Id;

    internal string Output
    {
        get { lock (output) return output.ToString(); }
    }

    internal string Error
    {
        get { lock (error) return error.ToString(); }
    }

    internal string All => $"--- stdout\n{Output}\n--- stderr\n{Error}";

    /// <summary>Runs to the end.</summary>
    internal static async Task<(int Code, string Output, string Error)> RunAsync(BottleHomeFolder home, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var cake = Start(home, arguments, environment);
        var code = await cake.ExitAsync();
        TestContext.Out.WriteLine(cake.All);
        return (code, cake.Output, cake.Error);
    }

    /// <summary>As if a person at a closed keyboard had typed it; with <paramref name="input"/> these bytes come first.</summary>
    internal static Cake Start(BottleHomeFolder home, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "") =>
        Start(home, Repository, ["dotnet", "cake", .. arguments], environment, input);

    /// <summary>The same by other words, in another folder.</summary>
    internal static Cake Start(BottleHomeFolder home, string folder, string[] words, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        // setsid makes the child the leader of its own group: kill(-pid) reaches the dotnet command line and Cake, as a typed ^C does.
        var start = new ProcessStartInfo("setsid", words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home.Home.Root;
        start.Environment["PWD"] = folder;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var cake = new Cake(new Process { StartInfo = start });
        cake.process.OutputDataReceived += (_, line) => Append(cake.output, line.Data);
        cake.process.ErrorDataReceived += (_, line) => Append(cake.error, line.Data);
        cake.process.Start();
        cake.process.StandardInput.Write(input);
        cake.process.StandardInput.Close();
        cake.process.BeginOutputReadLine();
        cake.process.BeginErrorReadLine();
        return cake;
    }

    /// <summary>Waits until standard output holds a text.</summary>
    internal async Task SawAsync(string text)
    {
        for (var end = DateTime.UtcNow + Patience; !Output.Contains(text, StringComparison.Ordinal);)
        {
            if (process.HasExited || DateTime.UtcNow > end) Assert.Fail($"'{text}' was never printed\n{All}");
            await Task.Delay(50);
        }
    }

    internal void SignalGroup(PosixSignal signal) => Kill(-Pid, Number(signal));

    /// <summary>SIGKILL to the whole group, which nobody can handle.</summary>
    internal void KillGroup() => Kill(-Pid, 9);

    internal void Signal(PosixSignal signal) => Kill(Pid, Number(signal));

    internal async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(-Pid, 9);
            Assert.Fail($"did not end in time\n{All}");
        }
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill(-Pid, 9);
        process.Dispose();
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    private static void Append(StringBuilder builder, string? line)
    {
        lock (builder)
            if (line is not null) builder.AppendLine(line);
    }

    private static string FindRepository(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "bottle.cake"))) return folder.FullName;
        throw new InvalidOperationException($"no bottle.cake above {from}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
