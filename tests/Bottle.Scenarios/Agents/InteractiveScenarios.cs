using System.Text.RegularExpressions;
using static Bottle.Scenarios.Agents.AgentBottle;

namespace Bottle.Scenarios.Agents;

/// <summary>The real Claude Code on a person's terminal (issue 7): it starts without a question, its window changes size, Ctrl-C is its own, and afterwards the terminal is as it was; after a capability change it goes on where it was.</summary>
[RequiresEngine]
internal sealed partial class InteractiveScenarios
{
    [Test]
    public async Task Claude_has_the_terminal_its_size_and_its_Ctrl_C()
    {
        await using var bottle = Claude;
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        await using var person = await SitAsync(bottle, "Start", 100);
        await person.SeesAsync(new Regex("^─{100}$", RegexOptions.Multiline));
        await person.SeesAsync(Prompt());

        await person.ResizeAsync(132, 40);
        await person.SeesAsync(new Regex("^─{132}$", RegexOptions.Multiline));

        // A command that never ends: Ctrl-C ends it, and neither Claude nor Bottle.
        await person.TypeAsync(Call("Bash", new { command = "echo begun; tail -f /dev/null", description = "Wait for ever" }));
        await person.SeesAsync("ENDCALL");
        await person.PressAsync("Enter");
        await person.SeesAsync(new Regex("Wait for ever|tail -f /dev/null\\)", RegexOptions.Multiline));
        await AgentHasAsync(bottle, "tail");
        await person.PressAsync("C-c");
        await person.SeesAsync("Interrupted");

        await LeaveAsync(person);
        Assert.That(await bottle.LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Claude_with_its_new_tool_has_the_conversation_on_the_terminal_again()
    {
        await using var bottle = Claude;
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        await using (var person = await SitAsync(bottle, "Start", 200))
        {
            await person.SeesAsync(Prompt());
            // What is asked before its tools are listed is asked without them: first it is connected, then a question has gone to the provider and back.
            await HasToolsAsync(bottle);
            await person.TypeAsync("Hello");
            await person.PressAsync("Enter");
            await person.SeesAsync("The script has ended after 0 calls.");
            string[] steps = ["RUN printf '#!/bin/sh\\necho tool-$((40+2))\\n' > /usr/local/bin/newtool && chmod 755 /usr/local/bin/newtool"];
            await person.TypeAsync(Call("mcp__supervise__capability-block", new { steps, reason = "The task needs newtool" }));
            await person.SeesAsync("ENDCALL");
            await person.PressAsync("Enter");
            var (code, output, error) = await bottle.RunAsync(Approve(await bottle.AskedAsync(person.ScreenAsync)));
            Assert.That((code, error), Is.EqualTo((0, error)), output);
            await person.SeesAsync(new Regex("^exit=", RegexOptions.Multiline));
        }

        await using var again = await SitAsync(bottle, "Resume", 200);
        await again.SeesAsync("capability-block");
        await again.SeesAsync(Prompt());
        await again.TypeAsync(Call("Bash", new { command = "newtool", description = "Try it" }));
        await again.SeesAsync("ENDCALL");
        await again.PressAsync("Enter");
        await again.SeesAsync("tool-42");
        await again.SeesAsync("The script has ended after 2 calls.");
        var requests = await bottle.UpstreamAsync("messages");
        Assert.That(requests.Where(request => request.GetProperty("calls").ToString() == "Bash").Select(request => request.GetProperty("turn").GetInt32()), Is.EqualTo(new[] { 1 }), "its first call in the new container is the second of the conversation");
        await LeaveAsync(again);
        Assert.That(await bottle.LeftAsync(), Is.Empty);
    }

    private static async Task HasToolsAsync(AgentBottle bottle)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); DateTime.UtcNow < end; await Task.Delay(200))
            if ((await bottle.ExecAsync("agent", "sh", "-c", "cat ~/.cache/claude-cli-nodejs/*/mcp-logs-supervise/* 2>/dev/null || true")).Contains("Successfully connected", StringComparison.Ordinal)) return;
        Assert.Fail("Claude never connected to supervise");
    }

    private static async Task<Tmux> SitAsync(AgentBottle bottle, string target, int columns)
    {
        var person = await Tmux.OpenAsync(columns, 30, Cake.Repository, bottle.Environment);
        await person.TypeAsync($"dotnet cake --target={target} {string.Join(' ', bottle.Launch)}; echo exit=$?");
        await person.PressAsync("Enter");
        return person;
    }

    private static async Task LeaveAsync(Tmux person)
    {
        await person.PressAsync("C-c");
        await person.SeesAsync("Press Ctrl-C again to exit");
        await person.PressAsync("C-c");
        await person.SeesAsync(new Regex("^exit=0", RegexOptions.Multiline));
    }

    [GeneratedRegex("^❯", RegexOptions.Multiline)]
    private static partial Regex Prompt();

    // The screen shows a command before it runs.
    private static async Task AgentHasAsync(AgentBottle bottle, string program)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); DateTime.UtcNow < end; await Task.Delay(200))
            if ((await bottle.ExecAsync("agent", "ps", "-eo", "comm")).Split('\n').Contains(program)) return;
        Assert.Fail($"'{program}' never ran");
    }
}
