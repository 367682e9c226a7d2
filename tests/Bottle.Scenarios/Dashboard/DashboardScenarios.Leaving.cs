using System.Globalization;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Dashboard;

/// <summary>An editor that has the terminal, and the ways to end: by a key, Ctrl-C, SIGTERM, also while an editor is open, and a terminal that goes away.</summary>
internal sealed partial class DashboardScenarios
{
    private string Waits => Path.Combine(bottles.Home.Home.Root, "editor-waits");

    private string EditorProcess => Path.Combine(bottles.Home.Home.Root, "editor-process");

    // A wrapper, as people write them: what it starts is not its last word. It waits for as long as a file is there, and takes Ctrl-C for a key.
    private async Task WriteEditorAsync()
    {
        var editor = Path.Combine(bottles.Home.Home.Root, "editor.sh");
        await File.WriteAllTextAsync(editor, $"#!/bin/sh\nsed -i s,/v1/two,/v1/edited, \"$1\"\n[ ! -e {Waits} ] || {{ trap '' INT; sh -c \"echo \\$\\$ >{EditorProcess}.new; mv {EditorProcess}.new {EditorProcess}; while [ -e {Waits} ]; do sleep 0.1; done\"; }}\nexit 0\n");
        File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<Tmux> OpenAsync()
    {
        var editor = Path.Combine(bottles.Home.Home.Root, "editor.sh");
        return Tmux.OpenAsync(80, 24, Cake.Repository, new Dictionary<string, string> { ["CLAUDE_BOTTLE_HOME"] = bottles.Home.Home.Root, ["VISUAL"] = editor, ["EDITOR"] = editor });
    }

    private async Task KeepsItsTerminalFromAnEditor()
    {
        var editor = await OpenEditorAsync(Terminal);
        await Terminal.ResizeAsync(110, 30);
        await Terminal.PressAsync("C-c");
        Assert.That(ProcessSignal.IsAlive(editor), Is.True, "Ctrl-C is a key of the editor's");
        File.Delete(Waits);
        // As it would be seen anew: whole, in the size that the terminal has got meanwhile.
        await Terminal.SeesAsync(screen => screen.Split('\n') is { Length: >= 30 } lines && lines[29].Contains("q quit", StringComparison.Ordinal) && screen.Contains("[1 Bottles]", StringComparison.Ordinal), "the dashboard after the editor, in thirty lines");
        await Terminal.ResizeAsync(80, 24);
    }

    private async Task LeavesInAllWays()
    {
        await Terminal.PressAsync("q");
        await CleanAsync(0);

        await RestartAsync(Terminal);
        await Terminal.PressAsync("?");
        await Terminal.SeesAsync("this help; any key closes it");
        await Terminal.PressAsync("C-c");
        await CleanAsync(130);

        await RestartAsync(Terminal);
        var editor = await OpenEditorAsync(Terminal);
        foreach (var process in Ours()) ProcessSignal.Terminate(process);
        await CleanAsync(143);
        Assert.That(IsThere(editor), Is.False, "the editor has ended with it");

        var going = await OpenAsync();
        await RestartAsync(going);
        editor = await OpenEditorAsync(going);
        int[] before = [.. Ours(), editor];
        Assert.That(before, Has.Length.GreaterThan(1));
        await going.DisposeAsync();
        await AllEndAsync(before);

        going = await OpenAsync();
        await RestartAsync(going);
        before = [.. Ours()];
        Assert.That(before, Is.Not.Empty);
        await going.DisposeAsync();
        await AllEndAsync(before);
    }

    private async Task<int> OpenEditorAsync(Tmux where)
    {
        File.Delete(EditorProcess);
        await File.WriteAllTextAsync(Waits, "");
        await where.PressAsync("1", "e");
        for (var end = DateTime.UtcNow.AddMinutes(3); !File.Exists(EditorProcess); await Task.Delay(100))
            if (DateTime.UtcNow > end) Assert.Fail($"no editor:\n{await where.ScreenAsync()}");
        return int.Parse(await File.ReadAllTextAsync(EditorProcess), CultureInfo.InvariantCulture);
    }

    private async Task AllEndAsync(int[] processes)
    {
        for (var end = DateTime.UtcNow.AddMinutes(1); processes.Any(IsThere) && DateTime.UtcNow < end; await Task.Delay(100))
        {
        }
        Assert.That(processes.Where(IsThere), Is.Empty, "nothing goes on without a terminal");
        Assert.That(Ours(), Is.Empty);
        File.Delete(Waits);
    }

    private async Task RestartAsync(Tmux where)
    {
        await where.TypeAsync($"clear; {Program}");
        await where.PressAsync("Enter");
        await where.SeesAsync(screen => screen.Contains(bottles.First, StringComparison.Ordinal) && screen.Contains("q quit", StringComparison.Ordinal), "the dashboard again");
    }

    private async Task CleanAsync(int code)
    {
        var screen = await Terminal.SeesAsync($"rc={code}");
        screen = await Terminal.SeesAsync(now => now.Contains(" icanon echo .", StringComparison.Ordinal), $"the terminal's own modes after {code}:\n{screen}");
        Assert.That(await Terminal.StandsAsync(), Is.EqualTo((false, true)), screen);
        Assert.That(screen, Does.Not.Contain("q quit"), "the shell's own screen is back");
    }

    // The programs themselves, not the shells that were told to start them. Whoever else runs one on this machine is none of this test's business.
    private int[] Ours() => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0 && IsOurs(id))];

    private bool IsOurs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0').Contains("--target=Dashboard") && File.ReadAllText($"/proc/{process}/environ").Contains(bottles.Home.Home.Root, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // One that only waits for its parent to ask has ended.
    private static bool IsThere(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
