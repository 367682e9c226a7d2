using System.Globalization;

namespace Bottle.Scenarios;

/// <summary>A person who types one command of door 1 at a real terminal, in a shell that stays: Ctrl-C is for the command alone.</summary>
internal sealed class CakeTerminal : IAsyncDisposable
{
    private const string Mark = "\n[ended ";
    private readonly Tmux tmux;

    private CakeTerminal(Tmux tmux) => this.tmux = tmux;

    /// <summary>Types it at a terminal of 120 columns; what is on it stays to be read when the command has ended.</summary>
    internal static async Task<CakeTerminal> CakeAsync(BottleHomeFolder home, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var variables = environment.Append(new("CLAUDE_BOTTLE_HOME", home.Home.Root)).Append(new("NO_COLOR", "1")).ToDictionary();
        var terminal = new CakeTerminal(await Tmux.OpenAsync(120, 200, Cake.Repository, variables));
        // What comes before the next prompt comes after Ctrl-C, too.
        await terminal.LineAsync("exec bash --norc --noprofile");
        await terminal.LineAsync($"PROMPT_COMMAND='printf \"\\n[ended %s]\\n\" $?'; clear; dotnet cake {string.Join(' ', arguments)}");
        return terminal;
    }

    /// <summary>Presses keys, as tmux names them.</summary>
    internal Task TypeAsync(params string[] keys) => tmux.PressAsync(keys);

    /// <summary>Waits until a text stands on the terminal, and returns everything that does.</summary>
    internal Task<string> SeesAsync(string text) => tmux.HasPrintedAsync(text);

    /// <summary>Waits for the end of the command; its exit code and what stands there.</summary>
    internal async Task<(int Code, string Screen)> EndAsync()
    {
        var screen = await SeesAsync(Mark);
        await TestContext.Out.WriteLineAsync(screen);
        var code = screen[(screen.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
        return (int.Parse(code[..code.IndexOf(']', StringComparison.Ordinal)], CultureInfo.InvariantCulture), screen);
    }

    /// <summary>Ends it with all that runs in it.</summary>
    public ValueTask DisposeAsync() => tmux.DisposeAsync();

    private async Task LineAsync(string text)
    {
        await tmux.TypeAsync(text);
        await tmux.PressAsync("Enter");
    }
}
