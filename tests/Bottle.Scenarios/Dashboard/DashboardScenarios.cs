using System.Text.Json;

namespace Bottle.Scenarios.Dashboard;

/// <summary>
/// The real dashboard in a real terminal over two real bottles (issue 8): three questions, one approved, one edited, one rejected; traffic, logs, launch; another size; steps on an image, which fail and which are made; an editor
/// that has the terminal; all ways to end, each of which leaves the terminal clean and nothing running.
/// </summary>
[RequiresEngine]
[NonParallelizable]
internal sealed partial class DashboardScenarios
{
    private const string Program = "dotnet cake --target=Dashboard; echo rc=$?; stty -a | grep -o -- ' -*icanon\\| -*echo ' | tr -d '\\n'; echo .";

    private DashboardBottles bottles = null!;
    private Tmux? terminal;

    private Tmux Terminal => terminal!;

    [OneTimeSetUp]
    public async Task Start()
    {
        bottles = await DashboardBottles.StartAsync();
        await WriteEditorAsync();
        terminal = await OpenAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (terminal is not null) await terminal.DisposeAsync();
        var left = await bottles.StopAsync();
        bottles.Dispose();
        Assert.That(left, Is.Empty);
    }

    // One session at one terminal, as a person has it.
    [Test]
    public async Task An_operator_answers_watches_and_leaves()
    {
        await AnswersThreeQuestions();
        await WatchesTraffic();
        await GivesMoreOfABudget();
        await LooksAtLogsAndLaunch();
        using var following = new Following(bottles);
        await following.BeginsAsync();
        await LetsStepsFailAndOthersBeRun();
        await KeepsItsTerminalFromAnEditor();
        await LeavesInAllWays();
        await ReadsTheSameByCommands(following);
    }

    private async Task AnswersThreeQuestions()
    {
        await Terminal.TypeAsync(Program);
        await Terminal.PressAsync("Enter");
        await Terminal.SeesAsync(screen => screen.Contains(bottles.First, StringComparison.Ordinal) && screen.Contains(bottles.Second, StringComparison.Ordinal) && (screen.Contains(" kB ", StringComparison.Ordinal) || screen.Contains(" MB ", StringComparison.Ordinal)), "both bottles, and what they use");
        var (one, two, three) = (Ask(bottles.First, "one"), Ask(bottles.First, "two"), Ask(bottles.Second, "three"));
        TestContext.Out.WriteLine(await Terminal.SeesAsync("2 Proposals (3)"));

        await Terminal.PressAsync("2");
        await ChooseAsync("/v1/one");
        await Terminal.PressAsync("a");
        TestContext.Out.WriteLine(await Terminal.SeesAsync("Apply exactly this? [y/N]"));
        await Terminal.PressAsync("y");
        await Terminal.SeesAsync("revision 2 is in force");
        Assert.That(await one, Does.Contain("\"status\":\"applied\""));
        Assert.That(await DashboardBottles.StatusAsync(bottles.First, "https://asked.demo.test/v1/one"), Is.EqualTo("200"));

        await ChooseAsync("/v1/two");
        await Terminal.PressAsync("e");
        await Terminal.SeesAsync(screen => screen.Contains("Apply exactly this?", StringComparison.Ordinal) && screen.Contains("/v1/edited", StringComparison.Ordinal), "what the editor made of it");
        await Terminal.PressAsync("y");
        await Terminal.SeesAsync("revision 3 is in force");
        Assert.That(await two, Does.Contain("/v1/edited"), "the agent reads what it got instead");
        Assert.That(await DashboardBottles.StatusAsync(bottles.First, "https://asked.demo.test/v1/two"), Is.EqualTo("403"));

        await ChooseAsync("/v1/three");
        await Terminal.PressAsync("r");
        await Terminal.SeesAsync("the agent reads this reason");
        await Terminal.TypeAsync("yes and no: use the mirror");
        await Terminal.PressAsync("Enter");
        await Terminal.SeesAsync("is rejected");
        Assert.That(await three, Does.Contain("use the mirror"));
        await Terminal.SeesAsync("No agent waits for an answer.");
    }

    private async Task WatchesTraffic()
    {
        await Terminal.PressAsync("3", "b");
        Assert.That(await DashboardBottles.StatusAsync(bottles.Second, "https://kept.demo.test/v1/seen"), Is.EqualTo("200"));
        Assert.That(await DashboardBottles.StatusAsync(bottles.Second, "https://never.demo.test/v1/x"), Is.EqualTo("403"));
        await Terminal.SeesAsync("never.demo.test");
        await Terminal.PressAsync("/");
        await Terminal.TypeAsync("never denied");
        await Terminal.PressAsync("Enter");
        TestContext.Out.WriteLine(await Terminal.SeesAsync(screen => screen.Contains("only: never denied", StringComparison.Ordinal) && !screen.Contains("kept.demo.test", StringComparison.Ordinal), "the filtered page"));
        await Terminal.PressAsync("Up");
        await Terminal.SeesAsync("PAUSED");
        await Terminal.PressAsync("Enter");
        Assert.That(await Terminal.SeesAsync($"A request of {bottles.Second}"), Does.Contain("because: ").And.Contain("The policy in force now"));
        await Terminal.PressAsync("Escape");
    }

    private async Task GivesMoreOfABudget()
    {
        await Terminal.PressAsync("1", "Down", "Down");
        await Terminal.SeesAsync(screen => screen.Contains($"▸{bottles.Second}", StringComparison.Ordinal) && screen.Contains(" of 5000 requests (0 %)", StringComparison.Ordinal), "what is used of the second bottle's budget");
        await Terminal.PressAsync("x");
        await Terminal.SeesAsync($"Give {bottles.Second} more");
        await Terminal.TypeAsync("+2500 requests");
        await Terminal.PressAsync("Enter");
        await Terminal.SeesAsync("revision 2 is in force");
        await Terminal.SeesAsync(" of 7500 requests (0 %)");
        await Terminal.PressAsync("Up", "Up");
    }

    private async Task LooksAtLogsAndLaunch()
    {
        await Terminal.PressAsync("4");
        await Terminal.SeesAsync(screen => screen.Contains(" egress ", StringComparison.Ordinal), "a line of egress");
        await Terminal.PressAsync("5");
        await Terminal.SeesAsync("✓ ComposeUp");
        await Terminal.ResizeAsync(110, 30);
        await Terminal.SeesAsync(screen => screen.Split('\n') is { Length: >= 30 } lines && lines[29].Contains("q quit", StringComparison.Ordinal), "the keys in the thirtieth line");
        await Terminal.ResizeAsync(80, 24);
        await Terminal.SeesAsync(screen => screen.Split('\n') is { Length: >= 24 } lines && lines[23].Contains("q quit", StringComparison.Ordinal), "the keys in the last line again");
    }

    private async Task ReadsTheSameByCommands(Following following)
    {
        var (code, said) = await bottles.CakeAsync("--target=Traffic", $"--bottle={bottles.Second}", "--filter=never");
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("never.demo.test/v1/x"));
        (_, said) = await bottles.CakeAsync("--target=Logs", $"--bottle={bottles.First}");
        Assert.That(said, Does.Contain(" egress ").And.Contain(" pipelock "));
        (_, said) = await bottles.CakeAsync("--target=Info", $"--bottle={bottles.First}");
        Assert.That(said, Does.Contain("revision    3, 2 since the launch").And.Contain("/v1/edited"));

        await following.LinesComeAsync();
        await following.TwoAreInterruptedAsync();
        Assert.That((await bottles.CakeAsync("--target=Stop", $"--bottle={bottles.First}")).Code, Is.Zero);
        await following.TheOthersEndWithTheirBottleAsync();
        (code, said) = await bottles.CakeAsync("--target=VerifyReceipt", $"--bottle={bottles.First}");
        Assert.That(code, Is.Zero, said);
        var receipt = JsonElement.Parse((await Cake.RunAsync(bottles.Home, ["--target=Receipt", $"--bottle={bottles.First}", "--format=json"])).Output);
        Assert.That(receipt.GetProperty("decisions").EnumerateArray().Select(decision => (decision.GetProperty("event").GetString(), decision.GetProperty("revision").ToString())), Is.EqualTo(new[] { ("approved", "2"), ("approved", "3"), ("approved", "") }), "the steps were approved, too, and made no revision");
        Assert.That(receipt.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("service").GetString()), Is.SupersetOf(new[] { "agent", "egress", "pipelock", "supervise" }));
        Assert.That(receipt.GetProperty("gaps").GetArrayLength(), Is.Zero, receipt.ToString());
        Assert.That(receipt.GetProperty("traffic").GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("host").GetString()), Does.Contain("asked.demo.test"));
    }

    private static Task<string> Ask(string identity, string what) => DashboardBottles.AskAsync(identity, $"https://asked.demo.test/v1/{what}");

    private async Task ChooseAsync(string part)
    {
        await Terminal.PressAsync("Up", "Up", "Up");
        bool IsChosen(string screen) => screen.Split('\n').Any(line => line.StartsWith('▸') && line.Contains(part, StringComparison.Ordinal));
        for (var i = 0; i < 3 && !IsChosen(await Terminal.SeesAsync(part)); i++)
        {
            await Terminal.PressAsync("Down");
            // The screen follows the key within a frame.
            await Task.Delay(300);
        }
        await Terminal.SeesAsync(IsChosen, $"{part} is chosen");
    }
}
