using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bottle.Benchmarks.Machine;

/// <summary>A process that the benchmark started, with its output in a file; it is ended by its id.</summary>
internal sealed partial class Child : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly string _log;
    private bool _ended;

    private Child(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>Starts a program pinned to cores; what it prints goes to <paramref name="log"/>.</summary>
    internal static Child Start(string? cores, string log, IReadOnlyDictionary<string, string> environment, string program, params IEnumerable<string> arguments)
    {
        // The shell execs, so that the child's id is the program's own; setpriv asks the kernel to end it when the benchmark ends, however that happens.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        string[] wrapper = ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log];
        foreach (var argument in wrapper.Concat(cores is null ? [] : ["taskset", "-c", cores]).Concat(["setpriv", "--pdeathsig", "TERM"]))
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // Proxy variables of whoever runs the benchmark must not steer what is measured.
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new Child(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"), log);
    }

    /// <summary>Runs a program to its end; its output is the exception's message when it fails.</summary>
    internal static void Run(string workingDirectory, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}:\n{Tail(output)}\n{Tail(errors.Result)}"));
    }

    /// <summary>The last lines that the process printed.</summary>
    internal string LastLines() => File.Exists(_log) ? Tail(File.ReadAllText(_log)) : "";

    internal void Signal(PosixSignal signal) => _ = Kill(Id, signal == PosixSignal.SIGHUP ? 1 : Terminate);

    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        if (!_process.HasExited)
        {
            _ = Kill(Id, Terminate);
            if (!_process.WaitForExit(Grace))
                _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(15));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
