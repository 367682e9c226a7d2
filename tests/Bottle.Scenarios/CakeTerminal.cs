using Bottle.Host.Processes;

namespace Bottle.Scenarios;

/// <summary>A person at a real terminal: one command in tmux, on a server of its own.</summary>
internal sealed class CakeTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly CommandRunner Runner = new();
    private readonly string server = $"bottle-{Guid.NewGuid():N}";

    private CakeTerminal() { }

    /// <summary>Whether there is one on this machine.</summary>
    internal static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "tmux")));

    /// <summary>Door 1 on a terminal of 120 columns; what is on it stays to be read when the command has ended.</summary>
    internal static async Task<CakeTerminal> CakeAsync(BottleHomeFolder home, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var terminal = new CakeTerminal();
        var variables = environment.Append(new("CLAUDE_BOTTLE_HOME", home.Home.Root)).Append(new("NO_COLOR", "1")).SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" });
        // A shell that stays, as a person has: Ctrl-C is for the command alone.
        await terminal.RunAsync(["new-session", "-d", "-x", "120", "-y", "200", "-c", Cake.Repository, .. variables, "--", "bash", "--norc", "--noprofile"]);
        // What comes before the next prompt comes after Ctrl-C, too.
        await terminal.TypeAsync($"PROMPT_COMMAND='printf \"\\n[ended %s]\\n\" $?'; clear; dotnet cake {string.Join(' ', arguments)}", "Enter");
        return terminal;
    }

    /// <summary>Types keys, as tmux names them.</summary>
    internal Task TypeAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    /// <summary>Waits until a text stands on the terminal, and returns everything that does.</summary>
    internal async Task<string> SeesAsync(string text)
    {
        for (var end = DateTime.UtcNow + Patience; ;)
        {
            var screen = await ScreenAsync();
            if (screen.Contains(text, StringComparison.Ordinal)) return screen;
            if (DateTime.UtcNow > end) Assert.Fail($"'{text}' never stood there:\n{screen}");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits for the end of the command; its exit code and what stands there.</summary>
    internal async Task<(int Code, string Screen)> EndAsync()
    {
        const string Mark = "\n[ended ";
        var screen = await SeesAsync(Mark);
        await TestContext.Out.WriteLineAsync(screen);
        var code = screen[(screen.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
        return (int.Parse(code[..code.IndexOf(']', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture), screen);
    }

    /// <summary>Ends it with all that runs in it.</summary>
    public async ValueTask DisposeAsync() => await Runner.RunAsync(new Command("tmux", "-L", server, "kill-server"));

    private async Task<string> ScreenAsync() => (await RunAsync(["capture-pane", "-p", "-J", "-S", "-"])).TrimEnd();

    private async Task<string> RunAsync(string[] arguments) => (await Runner.RunCheckedAsync(new Command("tmux", ["-L", server, "-f", "/dev/null", .. arguments]))).Output;
}
