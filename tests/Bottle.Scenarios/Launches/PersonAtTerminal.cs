using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bottle.Scenarios.Launches;

/// <summary>A command on a terminal of its own (util-linux's <c>script</c>), somebody who types there, and a terminal that can be closed under it.</summary>
internal sealed class PersonAtTerminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Process terminal;
    private readonly string codeFile;
    private readonly StringBuilder seen = new();

    private PersonAtTerminal(Process terminal, string codeFile) => (this.terminal, this.codeFile) = (terminal, codeFile);

    internal string Seen
    {
        get { lock (seen) return seen.ToString(); }
    }

    internal static PersonAtTerminal Sit(BottleHomeFolder home, string folder, IEnumerable<string> words)
    {
        var codeFile = Path.Combine(home.Home.Root, "exit-code");
        // The session's leader ends with its terminal, as a login shell does, and the kernel tells all that ran in front; the inner shell outlives that, to write down how the command ended. What they trap is not passed on.
        var inner = Path.Combine(home.Home.Root, "typed.sh");
        File.WriteAllText(inner, $"trap : HUP INT\n{string.Join(' ', words.Select(word => $"'{word}'"))}\necho $? > '{codeFile}'\n");
        var line = $"trap : INT; sh '{inner}'; :";
        var start = new ProcessStartInfo("script", ["--quiet", "--flush", "--command", line, "/dev/null"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home.Home.Root;
        start.Environment["PWD"] = folder;
        start.Environment["TERM"] = "xterm";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["SHELL"] = "/bin/sh";
        var person = new PersonAtTerminal(new Process { StartInfo = start }, codeFile);
        person.terminal.OutputDataReceived += (_, line) => person.Read(line.Data);
        person.terminal.Start();
        person.terminal.BeginOutputReadLine();
        return person;
    }

    internal async Task SawAsync(string text)
    {
        for (var end = DateTime.UtcNow + Patience; !Seen.Contains(text, StringComparison.Ordinal); await Task.Delay(20))
            if (terminal.HasExited || DateTime.UtcNow > end) Assert.Fail($"'{text}' was never seen\n{Seen}");
    }

    internal async Task TypeAsync(string keys)
    {
        await terminal.StandardInput.WriteAsync(keys);
        await terminal.StandardInput.FlushAsync();
    }

    /// <summary>The terminal is gone at once: whoever runs on it gets SIGHUP, and every write fails.</summary>
    internal void Close() => terminal.Kill();

    /// <summary>How the command ended, whatever became of its terminal.</summary>
    internal async Task<int> CodeAsync()
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(20))
        {
            if (File.Exists(codeFile) && await File.ReadAllTextAsync(codeFile) is { Length: > 0 } code) return int.Parse(code, CultureInfo.InvariantCulture);
            if (DateTime.UtcNow > end) Assert.Fail($"it did not end in time\n{Seen}");
        }
    }

    public void Dispose()
    {
        if (!terminal.HasExited) terminal.Kill();
        terminal.Dispose();
    }

    private void Read(string? line)
    {
        lock (seen)
            if (line is not null) seen.AppendLine(line);
    }
}
