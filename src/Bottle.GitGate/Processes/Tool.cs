using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bottle.GitGate.Processes;

/// <summary>Starts programs: argument lists only, a clean environment, and an end that lets git remove its lock files (SIGTERM first).</summary>
internal static partial class Tool
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Starts a program with all three streams redirected.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <summary>Runs a program to its end, or to the end of its time, and collects what it says; <c>input</c> is what it reads, null for nothing.</summary>
    public static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment, byte[]? input, TimeSpan limit)
    {
        using var process = Start(program, arguments, directory, environment);
        using var timer = new CancellationTokenSource(limit);
        var output = ReadAsync(process.StandardOutput.BaseStream);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var write = WriteAsync(process, input);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process);
            return new ToolResult(ToolResult.TimedOut, [], await error);
        }
        await write;
        return new ToolResult(process.ExitCode, await output, await error);
    }

    /// <summary>Ends a program: SIGTERM, and SIGKILL to it and its children when that is not enough.</summary>
    public static async Task StopAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }
        _ = Kill(process.Id, SigTerm);
        using var timer = new CancellationTokenSource(Grace);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private static async Task WriteAsync(Process process, byte[]? input)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.BaseStream.WriteAsync(input);
            }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it had read everything: its exit code tells more.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
