using System.Text.RegularExpressions;
using static Bottle.Scenarios.Agents.AgentBottle;

namespace Bottle.Scenarios.Agents;

/// <summary>The real Claude Code on a person's terminal (issue 7): it starts without a question, its window changes size, Ctrl-C is its own, and afterwards the terminal is as it was.</summary>
[RequiresEngine]
internal sealed class InteractiveScenarios
{
    [Test]
    public async Task Claude_has_the_terminal_its_size_and_its_Ctrl_C()
    {
        await using var bottle = Claude;
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        await using var person = await Tmux.OpenAsync(100, 30, Cake.Repository, bottle.Environment);
        await person.TypeAsync($"dotnet cake --target=Start {string.Join(' ', bottle.Launch)}; echo exit=$?");
        await person.PressAsync("Enter");
        await person.SeesAsync(new Regex("^─{100}$", RegexOptions.Multiline));
        await person.SeesAsync(new Regex("^❯", RegexOptions.Multiline));

        await person.ResizeAsync(132, 40);
        await person.SeesAsync(new Regex("^─{132}$", RegexOptions.Multiline));

        // A command that never ends: Ctrl-C ends it, and neither Claude nor Bottle.
        await person.TypeAsync(Call("Bash", new { command = "echo begun; tail -f /dev/null", description = "Wait for ever" }));
        await person.SeesAsync("ENDCALL");
        await person.PressAsync("Enter");
        await person.SeesAsync(new Regex("Wait for ever|tail -f /dev/null\\)", RegexOptions.Multiline));
        await AgentHasAsync("tail");
        await person.PressAsync("C-c");
        await person.SeesAsync("Interrupted");

        await person.PressAsync("C-c");
        await person.SeesAsync("Press Ctrl-C again to exit");
        await person.PressAsync("C-c");
        await person.SeesAsync(new Regex("^exit=0", RegexOptions.Multiline));
        Assert.That(await bottle.LeftAsync(), Is.Empty);
    }

    // The screen shows a command before it runs.
    private static async Task AgentHasAsync(string program)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); DateTime.UtcNow < end; await Task.Delay(200))
            if ((await ExecAsync("agent", "ps", "-eo", "comm")).Split('\n').Contains(program)) return;
        Assert.Fail($"'{program}' never ran");
    }
}
