using System.Collections.Immutable;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using Bottle.Dashboard.Updating;
using Bottle.Dashboard.View;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Dashboard.Tests;

public sealed class UpdateTests
{
    private static readonly Wish Granted = new Wish.Stop("dev-k3x9a", false);

    private static Dialog.Question Question => new("Approve", ["+ route"], "Apply exactly this? [y/N]", Granted);

    [Test]
    public void Approving_shows_first_and_grants_on_y_alone()
    {
        var scene = Scene.Busy().Type("2a");
        Assert.That(scene.Wishes, Is.EqualTo(new Wish[] { new Wish.Prepare("dev-k3x9a", "egress-block-1a2b3c4d", null) }));
        scene.Happens(new DashboardEvent.Opened(Question));
        foreach (var key in new[] { new Key(KeyKind.Enter), Key.Of('n'), Key.Of(' '), new Key(KeyKind.Escape), Key.Of('q'), Key.Of('a') })
        {
            var other = Scene.Busy().Happens(new DashboardEvent.Opened(Question)).Press(key);
            Assert.That((other.Model.Dialog, other.Wishes.Count), Is.EqualTo(((Dialog?)null, 0)), $"{key}");
        }
        scene.Press(new Key(KeyKind.Down)).Type("y");
        Assert.That(scene.Wishes[^1], Is.SameAs(Granted));
    }

    [Test]
    public void A_question_that_comes_while_somebody_types_takes_no_letter_of_it_for_an_answer()
    {
        var scene = Scene.Busy().Type("2rwh").Happens(new DashboardEvent.Opened(Question)).Type("y not");
        Assert.That(scene.Model.Dialog, Is.EqualTo(new Dialog.Entry(EntryKind.Reason, "Reject egress-block-1a2b3c4d; the agent reads this reason", "why not") { Identity = "dev-k3x9a", Proposal = "egress-block-1a2b3c4d" }));
        scene.Press(new Key(KeyKind.Enter));
        Assert.That(scene.Wishes, Is.EqualTo(new Wish[] { new Wish.Reject("dev-k3x9a", "egress-block-1a2b3c4d", "why not") }));
    }

    [TestCase('r', "no")]
    [TestCase('l', "30m")]
    public void What_is_typed_is_for_the_question_that_it_was_begun_for_and_for_no_other_one(char key, string typed)
    {
        var scene = Scene.Busy().Happens(Scene.StepsQueue("review-aaaaa")).Type($"2{key}").Happens(new DashboardEvent.QueueSeen(Scene.Queue("dev-k3x9a")));
        Assert.That(scene.Model.ChosenProposal!.Identity, Is.EqualTo("review-aaaaa"), "another one has taken its place");
        scene.Type(typed).Press(new Key(KeyKind.Enter));
        Assert.That((scene.Wishes.Count, scene.Model.StatusIsProblem), Is.EqualTo((0, true)), scene.Model.Status);
    }

    [Test]
    public void A_lease_is_read_before_anything_is_asked_for()
    {
        var scene = Scene.Busy().Type("2lsoon").Press(new Key(KeyKind.Enter));
        Assert.That((scene.Wishes.Count, scene.Model.StatusIsProblem, scene.Model.Dialog is Dialog.Entry), Is.EqualTo((0, true, true)));
        scene.Press([.. Enumerable.Repeat(new Key(KeyKind.Backspace), 4)]).Type("3x").Press(new Key(KeyKind.Enter));
        Assert.That(scene.Wishes.OfType<Wish.Prepare>().Single().Lease!.Uses, Is.EqualTo(3));
    }

    [Test]
    public void The_chosen_question_stays_chosen_when_others_come_and_the_next_is_chosen_when_it_goes()
    {
        var scene = Scene.Busy().Type("2").Press(new Key(KeyKind.Down));
        Assert.That(scene.Model.SelectedProposal, Is.EqualTo("egress-block-99999999"));
        scene.Happens(new DashboardEvent.QueueSeen(Scene.Queue("review-aaaaa", ("egress-block-00000000", "GET", "https://a.test/", "x", 500))));
        Assert.That((scene.Model.SelectedProposal, scene.Model.Waiting.Length), Is.EqualTo(("egress-block-99999999", 3)));
        scene.Happens(new DashboardEvent.QueueSeen(Scene.Queue("dev-k3x9a")));
        Assert.That(scene.Model.SelectedProposal, Is.EqualTo("egress-block-00000000"));
    }

    [Test]
    public void A_question_and_its_bottle_are_chosen_together()
    {
        var asking = Scene.Busy().Happens(Scene.StepsQueue("review-aaaaa"));
        var scene = asking.Type("2").Press(new Key(KeyKind.Down));
        Assert.That((scene.Model.SelectedProposal, scene.Model.Selected), Is.EqualTo((Scene.StepsId, "review-aaaaa")));
        Assert.That(scene.Press(new Key(KeyKind.Left)).Model.SelectedProposal, Is.EqualTo("egress-block-1a2b3c4d"), "another bottle, its question");
        Assert.That(scene.Press(new Key(KeyKind.Right)).Model.SelectedProposal, Is.EqualTo(Scene.StepsId));
        var opened = new Scene().Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("dev-k3x9a", 1, "running"), Scene.Bottle("review-aaaaa", 1, "running")])).Press(new Key(KeyKind.Down))
            .Happens(new DashboardEvent.QueueSeen(Scene.Queue("dev-k3x9a", ("egress-block-00000000", "GET", "https://a.test/", "x", 500)))).Happens(Scene.StepsQueue("review-aaaaa"));
        Assert.That(opened.Type("2").Model.SelectedProposal, Is.EqualTo(Scene.StepsId), "the page opens at what the chosen bottle asks");
        Assert.That(Scene.Busy().Press(new Key(KeyKind.Down)).Type("2").Model.SelectedProposal, Is.EqualTo("egress-block-1a2b3c4d"), "which asks nothing here");
    }

    [Test]
    public void Traffic_that_is_paused_stands_still_and_says_what_was_chosen()
    {
        var scene = Scene.Busy().Type("3").Press(new Key(KeyKind.Up));
        var before = scene.Screen.ToString();
        scene.Happens(new DashboardEvent.TrafficSeen("dev-k3x9a", Scene.Pane(200)));
        Assert.That(scene.Screen.ToString(), Is.EqualTo(before));
        scene.Press(new Key(KeyKind.Up), new Key(KeyKind.Enter));
        Assert.That(scene.Wishes.OfType<Wish.Explain>().Single().Entry.Record, Is.EqualTo(Scene.Record(28)), "one above the newest");
        Assert.That(scene.Type(" ").Screen.ToString(), Is.Not.EqualTo(before), "and goes on");
    }

    [Test]
    public void Logs_are_followed_while_they_are_shown_and_of_the_chosen_bottle()
    {
        var scene = Scene.Busy().Type("4").Press(new Key(KeyKind.Right)).Type("1");
        Assert.That(scene.Wishes, Is.EqualTo(new Wish[] { new Wish.FollowLogs("dev-k3x9a"), new Wish.FollowLogs("review-aaaaa"), new Wish.FollowLogs(null) }));
    }

    [Test]
    public void Whoever_scrolled_back_in_the_logs_goes_on_seeing_the_same_lines()
    {
        var lines = ImmutableArray.CreateRange(Enumerable.Range(0, 100).Select(i => $"line {i}"));
        var scene = Scene.Busy().Type("4").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", lines)).Press(new Key(KeyKind.PageUp));
        static IEnumerable<string> Lines(Scene scene) => scene.Screen.ToString().Split('\n').Where(line => line.StartsWith(" line ", StringComparison.Ordinal));
        var before = Lines(scene).ToList();
        scene.Happens(new DashboardEvent.LogsSeen("dev-k3x9a", ["line new"]));
        Assert.That(Lines(scene), Is.EqualTo(before));
        Assert.That(scene.Press(new Key(KeyKind.End)).Screen.ToString(), Does.Contain("line new"));
    }

    [Test]
    public void A_run_that_ends_and_is_kept_shows_how_to_go_on_and_one_left_yesterday_is_no_news()
    {
        Assert.That(Scene.Busy().Model.Status, Does.Not.Contain("go on with"));
        var scene = Scene.Busy().Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("dev-k3x9a", 240, "kept")]));
        Assert.That(scene.Model.Status, Is.EqualTo("dev-k3x9a has ended and is kept\ngo on with: bottle resume dev-k3x9a"));
    }

    [Test]
    public void A_bottle_that_is_gone_takes_its_questions_with_it()
    {
        var scene = Scene.Busy().Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("review-aaaaa", 7300, "running")]));
        Assert.That((scene.Model.Selected, scene.Model.Waiting.Length, scene.Model.Traffic.Count), Is.EqualTo(("review-aaaaa", 0, 0)));
    }

    [TestCase("\ny")]
    [TestCase("y\n")]
    [TestCase("yes")]
    public void What_is_pasted_is_text_and_grants_nothing(string pasted)
    {
        Key[] keys = [.. pasted.Select(character => new Key(KeyKind.Pasted, character == '\n' ? ' ' : character))];
        var question = Question;
        var scene = Scene.Busy().Happens(new DashboardEvent.Opened(question)).Press(keys);
        Assert.That((scene.Model.Dialog, scene.Wishes.Count), Is.EqualTo(((Dialog?)question, 0)));
        scene = Scene.Busy().Type("2").Press(keys).Press(new Key(KeyKind.Pasted, 'a'), new Key(KeyKind.Pasted, 'q'));
        Assert.That((scene.Model.Dialog, scene.Wishes.Count), Is.EqualTo(((Dialog?)null, 0)));
        scene = Scene.Busy().Type("2r").Press(keys).Press(new Key(KeyKind.Enter));
        Assert.That(scene.Wishes, Is.EqualTo(new Wish[] { new Wish.Reject("dev-k3x9a", "egress-block-1a2b3c4d", pasted.Trim()) }));
    }

    [TestCase("a\U0001f600", "a")]
    [TestCase("ae\u0301", "a")]
    [TestCase("日", "")]
    public void Backspace_takes_what_stands_there_as_one(string typed, string left)
    {
        var scene = Scene.Busy().Type("4/").Type(typed).Press(new Key(KeyKind.Backspace));
        Assert.That(((Dialog.Entry)scene.Model.Dialog!).Text, Is.EqualTo(left));
    }

    [TestCase(80)]
    [TestCase(30)]
    public void Whatever_stands_before_a_question_can_be_read_to_its_end_and_the_way_back_begins_at_once(int columns)
    {
        var text = new Dialog.Question("Approve", [.. Enumerable.Range(0, 30).Select(i => $"{i} {new string('x', 300)}"), "the end"], "Apply?", Granted);
        var scene = Scene.Busy().Size(24, columns).Happens(new DashboardEvent.Opened(text)).Press([.. Enumerable.Repeat(new Key(KeyKind.PageDown), 60)]);
        Assert.That(scene.Screen.ToString(), Does.Contain("the end").And.Not.Contain("lines more"));
        Assert.That(scene.Press(new Key(KeyKind.Up)).Screen.ToString(), Does.Contain("lines more"));
        Assert.That(scene.Press(new Key(KeyKind.Home)).Screen.ToString(), Does.Contain(" 0 xxx"));
        Assert.That(scene.Press(new Key(KeyKind.End)).Screen.ToString(), Does.Contain("the end"));
        scene = Scene.Busy().Size(12, columns).Type("2").Press(new Key(KeyKind.PageDown));
        for (var i = 0; i < 20; i++) scene.Press(new Key(KeyKind.PageDown));
        var end = scene.Screen.ToString();
        Assert.That(scene.Press(new Key(KeyKind.PageUp)).Screen.ToString(), Is.Not.EqualTo(end));
    }

    [Test]
    public void The_oldest_line_of_the_logs_can_be_reached_also_among_those_that_a_filter_lets_through()
    {
        var scene = Scene.Busy().Type("4").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", [.. Enumerable.Range(0, 300).Select(i => $"line {i} {(i % 2 == 0 ? "even" : "odd")}")])).Press(new Key(KeyKind.Home));
        Assert.That(scene.Screen.ToString(), Does.Contain("line 0 "));
        scene.Press(new Key(KeyKind.End)).Type("/odd").Press(new Key(KeyKind.Enter), new Key(KeyKind.Home));
        var oldest = scene.Screen.ToString();
        Assert.That(oldest, Does.Contain("line 1 ").And.Not.Contain("line 0 "));
        Assert.That(scene.Press(new Key(KeyKind.Down)).Screen.ToString(), Is.Not.EqualTo(oldest), "the way back begins at once");
        scene.Press(new Key(KeyKind.Home));
        Assert.That(scene.Happens(new DashboardEvent.LogsSeen("dev-k3x9a", ["line 300 even", "line 301 odd"])).Screen.ToString(), Does.Contain("line 1 "), "lines that are not shown push none away");
    }

    [Test]
    public void In_the_place_of_a_bottle_that_vanishes_stands_the_next_one()
    {
        static DashboardEvent.BottlesSeen Seen(params int[] numbers) => new([.. numbers.Select(number => Scene.Bottle($"dev-0000{number}", 100 - number, "running"))]);
        var scene = new Scene().Happens(Seen(1, 2, 3, 4)).Press(new Key(KeyKind.Down), new Key(KeyKind.Down)).Happens(Seen(1, 2, 4));
        Assert.That(scene.Model.Selected, Is.EqualTo("dev-00004"));
        Assert.That(scene.Happens(Seen(1, 2)).Model.Selected, Is.EqualTo("dev-00002"), "the last one");
        Assert.That(scene.Happens(Seen()).Happens(Seen(5)).Model.Selected, Is.EqualTo("dev-00005"));
    }

    [Test]
    public void Long_lines_of_the_logs_can_be_read_whole()
    {
        var scene = Scene.Busy().Type("4").Happens(new DashboardEvent.LogsSeen("dev-k3x9a", [.. Enumerable.Range(0, 30).Select(i => $"08:00:{i:00} agent      {new string('x', 200)} end of {i}")]));
        Assert.That(scene.Screen.ToString(), Does.Not.Contain("end of"));
        Assert.That(scene.Type("w").Screen.ToString(), Does.Contain("end of 29").And.Contain("end of 26"));
        Assert.That(scene.Press(new Key(KeyKind.Home)).Screen.ToString(), Does.Contain("08:00:00 agent").And.Contain("end of 0"));
        var before = scene.Screen.ToString().Split('\n')[3..20];
        scene.Happens(new DashboardEvent.LogsSeen("dev-k3x9a", [$"08:01:00 agent      {new string('y', 200)}"]));
        Assert.That(scene.Screen.ToString().Split('\n')[3..20], Is.EqualTo(before), "whoever has scrolled back goes on seeing the same");
    }

    [Test]
    public void No_sequence_of_keys_and_sizes_breaks_the_screen()
    {
        var keys = Enum.GetValues<KeyKind>().Where(kind => kind != KeyKind.Character).Select(kind => new Key(kind)).Concat("12345?alreshbpcw/ yqS0x".Select(Key.Of)).ToArray();
        var any = Gen.OneOf(Gen.Elements(keys).Select(key => (DashboardEvent)new DashboardEvent.Pressed(key)),
            Gen.Choose(-3, 70).SelectMany(rows => Gen.Choose(-3, 150).Select(columns => (DashboardEvent)new DashboardEvent.Resized(rows, columns))),
            Gen.Elements<DashboardEvent>(new DashboardEvent.Opened(Question), new DashboardEvent.BottlesSeen([]), new DashboardEvent.QueueSeen(Scene.Queue("dev-k3x9a")), new DashboardEvent.TrafficSeen("dev-k3x9a", Scene.Pane(3)),
                new DashboardEvent.LogsSeen("dev-k3x9a", ["a", "b"]), new DashboardEvent.BottlesSeen([Scene.Bottle("dev-k3x9a", 1, "killed")]),
                Scene.StepsQueue("dev-k3x9a"), new DashboardEvent.Opened(ImageChange.Question(Scene.StepsShown("dev-k3x9a"))), new DashboardEvent.WorkSaid("dev-k3x9a", "  out", false), Scene.StepsMade("dev-k3x9a")[^1],
                Scene.Budget("dev-k3x9a", 900), Scene.Budget("dev-k3x9a", 1900), new DashboardEvent.BudgetSeen("dev-k3x9a", null)));
        Prop.ForAll(Arb.From(any.ArrayOf()), events =>
        {
            var screen = Scene.Busy().Happens(events).Screen;
            return screen.Lines.Length >= 4 && screen.Lines.All(line => line.CellCount() == screen.Lines[0].CellCount());
        }).QuickCheckThrowOnFailure();
    }
}
