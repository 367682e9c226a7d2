using System.Text.RegularExpressions;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Agents;

/// <summary>A person at a terminal: tmux with a server of its own, which answers what full-screen programs ask a terminal.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly CommandRunner Runner = new();
    private readonly string server = $"bottle-test-{Guid.NewGuid():N}";

    /// <summary>Skips the test where there is no tmux.</summary>
    internal static void Require()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "tmux")))) Assert.Ignore("there is no 'tmux' on this machine");
    }

    /// <summary>Types a command line into a fresh shell's place, and keeps what it leaves on the screen; its exit code comes last, as <c>exit=N</c>.</summary>
    internal async Task StartAsync(int columns, int rows, string commandLine, IReadOnlyDictionary<string, string> environment) =>
        await RunAsync(["-f", "/dev/null", "new-session", "-d", "-s", "person", "-x", $"{columns}", "-y", $"{rows}", .. environment.SelectMany(variable => new[] { "-e", $"{variable.Key}={variable.Value}" }),
            $"{commandLine}; echo exit=$?; read forever"]);

    /// <summary>Types text as it is.</summary>
    internal Task TypeAsync(string text) => RunAsync(["send-keys", "-t", "person", "-l", text]);

    /// <summary>Presses a key by tmux's name: <c>Enter</c>, <c>C-c</c>.</summary>
    internal Task PressAsync(string key) => RunAsync(["send-keys", "-t", "person", key]);

    /// <summary>Changes the window's size, as dragging its corner does.</summary>
    internal Task ResizeAsync(int columns, int rows) => RunAsync(["resize-window", "-t", "person", "-x", $"{columns}", "-y", $"{rows}"]);

    /// <summary>What is on the screen now.</summary>
    internal Task<string> ScreenAsync() => RunAsync(["capture-pane", "-p", "-t", "person"]);

    /// <summary>Waits until the screen fits; the screen.</summary>
    internal async Task<string> SeesAsync(string pattern)
    {
        var screen = "";
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(200))
            if (Regex.IsMatch(screen = await ScreenAsync(), pattern, RegexOptions.Multiline)) return screen;
        throw new AssertionException($"'{pattern}' was never on the screen; at last:\n{screen}");
    }

    public async ValueTask DisposeAsync() => await Runner.RunAsync(new Command("tmux", ["-L", server, "kill-server"]));

    private async Task<string> RunAsync(IReadOnlyList<string> arguments) => (await Runner.RunCheckedAsync(new Command("tmux", ["-L", server, .. arguments]))).Output;
}
