using System.Diagnostics;

namespace Bottle.Cli.Tests;

/// <summary>The tool as a process of its own, in a folder and a home of its own, away from any clone.</summary>
internal sealed class Tool : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bottle-cli-");

    internal Tool() => Directory.CreateDirectory(Work);

    /// <summary>Where the user stands.</summary>
    internal string Work => Path.Combine(folder.FullName, "work");

    /// <summary>CLAUDE_BOTTLE_HOME.</summary>
    internal string Home => Path.Combine(folder.FullName, "home");

    internal static string Program => Path.Combine(AppContext.BaseDirectory, "Bottle.Cli.dll");

    /// <summary>The clone that these tests are built in.</summary>
    internal static string Repository { get; } = FindRepository();

    internal async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { WorkingDirectory = Work, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = Home;
        start.Environment["NO_COLOR"] = "1";
        // These tests need no engine, and must not find one.
        start.Environment["DOCKER_HOST"] = $"unix://{folder.FullName}/no-engine.sock";
        return await FinishAsync(start);
    }

    internal static async Task<(int Code, string Output, string Error)> FinishAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "bottle.cake")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
