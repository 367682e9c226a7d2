namespace Bottle.Scenarios.Dashboard;

/// <summary>Steps on an agent's image, approved on the screen (SPEC K5, J4).</summary>
internal sealed partial class DashboardScenarios
{
    private async Task LetsStepsFailAndOthersBeRun()
    {
        var failing = DashboardBottles.AskForStepsAsync(bottles.First, "RUN echo no-such-$((40+2)) >&2; exit 9");
        var (asked, screen) = await ApproveStepsAsync("no-such-");
        Assert.That(asked, Does.Contain("1. RUN echo no-such-").And.Contain("Packages that they name:").And.Contain("␛[2J"));
        screen = await Terminal.SeesAsync("failed after");
        Assert.That(screen, Does.Contain("BTL7402").And.Contain("no-such-42"));
        Assert.That(await failing, Does.Contain("failed").And.Contain("no-such-42"));

        var making = DashboardBottles.AskForStepsAsync(bottles.Second, "RUN for i in 1 2 3 4 5 6 7 8; do echo round-$i; sleep 1; done", "RUN echo made-here >/usr/local/share/made");
        await Terminal.PressAsync("Escape");
        await ApproveStepsAsync("round-");
        TestContext.Out.WriteLine(await Terminal.SeesAsync("  round-1"));
        await Terminal.PressAsync("Escape", "1");
        TestContext.Out.WriteLine(await Terminal.SeesAsync(now => now.Contains("[1 Bottles]", StringComparison.Ordinal) && now.Contains("q quit", StringComparison.Ordinal), "another page while the steps are run"));
        await Terminal.PressAsync("q");
        await Terminal.SeesAsync("Leave all the same? [y/N]");
        await Terminal.PressAsync("n");
        screen = await Terminal.SeesAsync("has its new image and has ended");
        TestContext.Out.WriteLine(screen);
        Assert.That(screen.Split('\n').Select(line => line.Trim()), Does.Contain($"go on with: dotnet cake --target=Resume --bottle={bottles.Second}"), "the whole command in one line, at 80 columns");
        Assert.That(await making, Does.Contain("applied"));
        await Terminal.PressAsync("Down", "Down");
        await Terminal.SeesAsync(now => now.Split('\n').Any(line => line.StartsWith($"▸{bottles.Second}", StringComparison.Ordinal) && line.Contains(" kept ", StringComparison.Ordinal)), "the second bottle is kept");
        await Terminal.PressAsync("c");
        Assert.That(await Terminal.SeesAsync("made in "), Does.Contain("What changed: ").And.Contain("--target=Resume"));
        await Terminal.PressAsync("Escape", "Up", "Up");
    }

    private async Task<(string Asked, string Running)> ApproveStepsAsync(string part)
    {
        await Terminal.PressAsync("2");
        await ChooseAsync(part);
        await Terminal.PressAsync("a");
        var asked = await Terminal.SeesAsync("Run exactly these steps? [y/N]");
        TestContext.Out.WriteLine(asked);
        await Terminal.PressAsync("y");
        return (asked, await Terminal.SeesAsync("step 1 of"));
    }
}
