using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Testing;

/// <summary>A real terminal for a test: a tmux server of its own with one window, typed into and looked at from outside.</summary>
public sealed class Tmux : IAsyncDisposable
{
    // Whatever the machine has to do besides.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static int number;

    private readonly CommandRunner runner = new();
    private readonly string server = string.Create(CultureInfo.InvariantCulture, $"bottle-{Environment.ProcessId}-{Interlocked.Increment(ref number)}");

    private Tmux() { }

    /// <summary>A terminal with a plain shell in a folder.</summary>
    public static async Task<Tmux> OpenAsync(int columns, int rows, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var tmux = new Tmux();
        var variables = environment.Append(new("TERM", "screen-256color")).SelectMany(pair => new[] { "-e", $"{pair.Key}={pair.Value}" });
        try
        {
            await tmux.RunAsync(["-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "-c", folder, .. variables, "sh"]);
        }
        catch (BottleException e) when (e.Diagnostics[0].Code == EngineErrors.ExecutableMissingCode)
        {
            MachineNeeds.AreMissing(e.Diagnostics[0].Message);
        }
        return tmux;
    }

    /// <summary>What stands on the screen.</summary>
    public async Task<string> ScreenAsync() => await RunAsync(["capture-pane", "-p"]);

    /// <summary>Everything that was printed, what has left the screen included; lines that the terminal wrapped are whole.</summary>
    public async Task<string> HistoryAsync() => (await RunAsync(["capture-pane", "-p", "-J", "-S", "-"])).TrimEnd();

    /// <summary>Presses keys, by tmux's names for them: <c>a</c>, <c>Enter</c>, <c>Up</c>, <c>C-c</c>.</summary>
    public async Task PressAsync(params string[] keys) => await RunAsync(["send-keys", .. keys]);

    /// <summary>Types a text as it is.</summary>
    public async Task TypeAsync(string text) => await RunAsync(["send-keys", "-l", text]);

    /// <summary>Gives the terminal another size.</summary>
    public async Task ResizeAsync(int columns, int rows) => await RunAsync(["resize-window", "-x", $"{columns}", "-y", $"{rows}"]);

    /// <summary>Waits until a text stands on the screen, and returns the screen.</summary>
    public Task<string> SeesAsync(string text) => SeesAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until a line of the screen matches, and returns the screen.</summary>
    public Task<string> SeesAsync(Regex pattern) => SeesAsync(pattern.IsMatch, $"'{pattern}'");

    /// <summary>Waits until the screen is as wanted, and returns it.</summary>
    public Task<string> SeesAsync(Func<string, bool> wanted, string what) => WaitAsync(ScreenAsync, wanted, what);

    /// <summary>Waits until a text has been printed, and returns the history.</summary>
    public Task<string> HasPrintedAsync(string text) => WaitAsync(HistoryAsync, screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    private static async Task<string> WaitAsync(Func<Task<string>> look, Func<string, bool> wanted, string what)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var screen = await look();
            if (wanted(screen))
                return screen;
            if (clock.Elapsed > Patience)
                Assert.Fail($"never seen: {what}; the screen is:\n{screen}");
            await Task.Delay(Between);
        }
    }

    /// <summary>Whether a full-screen program has the screen, and whether the cursor is shown.</summary>
    public async Task<(bool Alternate, bool Cursor)> StandsAsync() =>
        (await RunAsync(["display-message", "-p", "#{alternate_on} #{cursor_flag}"])).Trim().Split(' ') is [var alternate, var cursor] ? (alternate == "1", cursor == "1") : throw new InvalidOperationException("tmux says nothing");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await runner.RunAsync(new Command("tmux", "-L", server, "kill-server"));

    private async Task<string> RunAsync(string[] words) => (await runner.RunCheckedAsync(new Command("tmux", ["-L", server, .. words]))).Output;
}
