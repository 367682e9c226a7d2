using System.Collections.Immutable;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using Bottle.Dashboard.Updating;
using Bottle.Dashboard.View;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.Tests;

/// <summary>Whole screens, as text.</summary>
public sealed class ScreenTests
{
    private static IEnumerable<TestCaseData> Screens()
    {
        yield return Case("empty", new Scene().Happens(new DashboardEvent.BottlesSeen([])));
        yield return Case("bottles", Scene.Busy());
        yield return Case("bottles-wide", Scene.Busy().Size(30, 130).Press(new Key(KeyKind.Down)));
        yield return Case("bottles-left", Scene.Busy().Press(new Key(KeyKind.Down), new Key(KeyKind.Down)));
        yield return Case("engine-lost", Scene.Busy().Happens(new DashboardEvent.EngineLost("no answer within 20 s")));
        yield return Case("proposals", Scene.Busy().Type("2"));
        yield return Case("proposals-hostile", Scene.Busy().Type("2").Press(new Key(KeyKind.Down)));
        yield return Case("proposals-none", Scene.Busy().Type("2").Happens(new DashboardEvent.QueueSeen(Scene.Queue("dev-k3x9a"))));
        yield return Case("lease", Scene.Busy().Type("2l30"));
        yield return Case("reason-refused", Scene.Busy().Type("2r").Press(new Key(KeyKind.Enter)));
        yield return Case("traffic", Scene.Busy().Type("3"));
        yield return Case("traffic-all-wide", Scene.Busy().Size(20, 120).Type("3b"));
        yield return Case("traffic-chosen", Scene.Busy().Type("3").Press(new Key(KeyKind.Up), new Key(KeyKind.Up)));
        yield return Case("traffic-filtered", Scene.Busy().Type("3/denied").Press(new Key(KeyKind.Enter)));
        yield return Case("traffic-hosts", Scene.Busy().Type("3h"));
        yield return Case("logs", Scene.Busy().Type("4").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", [.. Enumerable.Range(0, 40).Select(i => $"08:00:{i:00} egress     line {i}")])));
        yield return Case("logs-wrapped", Scene.Busy().Type("4w").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", [.. Enumerable.Range(0, 9).Select(i => $"08:00:{i:00} egress     line {i} of many words, {string.Concat(Enumerable.Repeat("a few of them 日本語, ", i))}")])));
        yield return Case("launch", Scene.Busy().Type("5"));
        yield return Case("steps", Scene.Busy().Happens(Scene.StepsQueue("review-aaaaa")).Type("2").Press(new Key(KeyKind.Down)));
        yield return Case("steps-question", Scene.Busy().Happens(Scene.StepsQueue("review-aaaaa"), new DashboardEvent.Opened(ImageChange.Question(Scene.StepsShown("review-aaaaa")))));
        yield return Case("steps-run", Scene.Busy().RunsSteps());
        yield return Case("steps-run-beside", Scene.Busy().RunsSteps().Type("x2").Press(new Key(KeyKind.Down)));
        yield return Case("steps-made", Scene.Busy().RunsSteps().Happens(Scene.StepsMade("review-aaaaa")));
        yield return Case("steps-made-list", Scene.Busy().RunsSteps().Happens(Scene.StepsMade("review-aaaaa")).Happens(new DashboardEvent.Tick(Scene.Start.AddSeconds(40))).Type("x")
            .Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("dev-k3x9a", 240, "running"), Scene.Bottle("review-aaaaa", 7300, "kept")])).Press(new Key(KeyKind.Down))
            .Happens(new DashboardEvent.Done("review-aaaaa has its new image and has ended\ngo on with: dotnet cake --target=Resume --bottle=review-aaaaa")));
        yield return Case("steps-failed", Scene.Busy().RunsSteps().Happens(new DashboardEvent.WorkEnded("review-aaaaa", WorkState.Failed,
            "BTL7402: step 1 'RUN apt-get update && apt-get install' ended with exit code 100: E: Unable to locate package ripgrep", ["error BTL7402: step 1 ended with exit code 100", "  = why: steps run one after the other"])).Type("x"));
        yield return Case("steps-leave", Scene.Busy().RunsSteps().Type("xq"));
        yield return Case("logs-filter-none", Scene.Busy().Type("4").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", ["08:00:00 egress     line"])).Type("/[^(\\").Press(new Key(KeyKind.Enter)));
        yield return Case("traffic-filter-none", Scene.Busy().Type("3/[^(\\ !").Press(new Key(KeyKind.Enter)));
        yield return Case("budget", Scene.Busy().Happens(Scene.Budget("dev-k3x9a", 799), Scene.Budget("dev-k3x9a", 812, 1_200_000_000), Scene.Budget("review-aaaaa", 1000)));
        yield return Case("budget-extend", Scene.Busy().Happens(Scene.Budget("dev-k3x9a", 812)).Type("x+5 apples").Press(new Key(KeyKind.Enter)));
        yield return Case("help", Scene.Busy().Type("2?"));
        yield return Case("stop", Scene.Busy().Type("s"));
        yield return Case("tiny", Scene.Busy().Size(8, 40));
    }

    [TestCaseSource(nameof(Screens))]
    public void A_screen_is_as_it_was_accepted(string name, object scene) => Golden.Verify(((Scene)scene).Screen.ToString(), $"golden/{name}");

    [Test]
    public void Every_screen_of_every_size_is_whole_and_inert([Values(5, 8, 24, 60)] int rows, [Values(20, 40, 80, 200)] int columns)
    {
        foreach (var page in "12345")
        {
            foreach (var more in new[] { "", "?", "a", "l", "r", "s", "/x", "h", "b" })
            {
                var model = Scene.Busy().Size(rows, columns).Type(page + more).Press(new Key(KeyKind.Up)).Model;
                var lines = DashboardView.Render(model).Lines;
                Assert.That(lines, Has.Length.EqualTo(rows), $"{page}{more}");
                Assert.That(lines.Select(line => line.CellCount()), Is.All.EqualTo(columns), $"{page}{more}");
                Assert.That(lines.SelectMany(line => line).All(segment => segment.Text.All(InertText.IsHarmless)), Is.True, $"{page}{more}");
            }
        }
    }

    [Test]
    public void Only_lines_that_differ_are_sent()
    {
        var writer = new ScreenWriter(colour: false);
        var scene = Scene.Busy();
        Assert.That(writer.Draw(scene.Screen).Split("\e[").Count(part => part.Contains(";1H", StringComparison.Ordinal)), Is.EqualTo(24));
        Assert.That(writer.Draw(scene.Screen), Is.Empty);
        scene.Happens(new DashboardEvent.Done("news"));
        Assert.That(writer.Draw(scene.Screen), Does.Contain("news").And.Contain("23;1H").And.Not.Contain("24;1H").And.Not.Contain("22;1H"));
        writer.Forget();
        Assert.That(writer.Draw(scene.Screen), Does.Contain("24;1H"));
    }

    [Test]
    public void Without_colour_there_is_none_and_what_is_chosen_is_seen_all_the_same()
    {
        var plain = new ScreenWriter(colour: false).Draw(Scene.Busy().Screen);
        Assert.That(System.Text.RegularExpressions.Regex.IsMatch(plain, @"\e\[[0-9;]*(3[0-7]|9[0-7]|38;|48;)m"), Is.False);
        Assert.That(plain, Does.Contain("\e[7m"), "inverted");
        Assert.That(new ScreenWriter(colour: true).Draw(Scene.Busy().Screen), Does.Match(@"\e\[[0-9;]*(3[0-7]|9[0-7]|38;)"));
    }

    [Test]
    public void A_wide_character_takes_two_cells_and_never_half_of_one()
    {
        var line = new LineBuilder().Cell("日本語日本語", 5).Text("x").Build(8);
        Assert.That(line.CellCount(), Is.EqualTo(8));
        Assert.That(string.Concat(line.Select(segment => segment.Text)), Is.EqualTo("日本… x "));
        Assert.That(LineBuilder.Wrap("日本語日本語日本語", 10, 2).Select(LineBuilder.Width), Is.All.LessThanOrEqualTo(10));
        Assert.That(LineBuilder.Wrap("what goes on is indented", 13, 2), Is.EqualTo(new[] { "what goes on ", "  is indented" }));
    }

    [Test]
    public void Two_runs_of_an_agent_with_a_long_name_are_told_apart()
    {
        var scene = new Scene().Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("frontend-reviewer-aaaaa", 9, "running"), Scene.Bottle("frontend-reviewer-bbbbb", 8, "running")]));
        Assert.That(scene.Screen.ToString(), Does.Contain("▸frontend-re…-aaaaa ").And.Contain(" frontend-re…-bbbbb "));
        Assert.That(scene.Size(24, 120).Screen.ToString(), Does.Contain("▸frontend-reviewer-aaaaa "));
    }

    [Test]
    public void A_line_is_erased_before_it_is_drawn_for_what_a_terminal_takes_for_narrower()
    {
        var text = new ScreenWriter(colour: false).Draw(Scene.Busy().Screen);
        Assert.That(text.Split(";1H")[1..], Is.All.StartsWith("\e[2K"));
    }

    private static TestCaseData Case(string name, Scene scene) => new TestCaseData(name, scene).SetName($"Screen {name}");
}
