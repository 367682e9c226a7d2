using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;

namespace Bottle.Dashboard.Tests;

/// <summary>Changes of an agent's image, approved on the screen (SPEC K5, J4).</summary>
public sealed class ImageWorkTests
{
    private const string Identity = "review-aaaaa";

    [Test]
    public void Steps_are_run_on_y_alone_and_once()
    {
        var asked = new DashboardEvent.Opened(ImageChange.Question(Scene.StepsShown(Identity)));
        foreach (var key in new[] { new Key(KeyKind.Enter), Key.Of('n'), new Key(KeyKind.Escape), Key.Of('a'), new Key(KeyKind.Pasted, 'y') })
            Assert.That(Scene.Busy().Happens(asked).Press(key).Wishes, Is.Empty, $"{key}");
        var scene = Scene.Busy().Happens(asked).Type("y");
        Assert.That(scene.Wishes.OfType<Wish.RunSteps>().Single().Decision.Proposal.Id, Is.EqualTo(Scene.StepsId));
        Assert.That(scene.Type("x").Happens(asked).Type("y").Wishes, Has.Count.EqualTo(1), "it is not done yet");
        Assert.That(scene.Model.StatusIsProblem, Is.True);
    }

    [Test]
    public void While_steps_are_run_everything_else_goes_on()
    {
        var scene = Scene.Busy().RunsSteps().Press(new Key(KeyKind.Escape)).Type("3").Happens(new DashboardEvent.TrafficSeen("dev-k3x9a", Scene.Pane(40)));
        Assert.That(scene.Screen.ToString(), Does.Contain("[3 Traffic]").And.Contain("/v1/items/39"));
        Assert.That(scene.Type("2a").Wishes[^1], Is.EqualTo(new Wish.Prepare("dev-k3x9a", "egress-block-1a2b3c4d", null)), "another bottle is answered");
    }

    [TestCase('a')]
    [TestCase('e')]
    [TestCase('l')]
    [TestCase('r')]
    public void A_question_whose_steps_are_run_shows_them_and_nothing_else_is_done_to_it(char key)
    {
        var scene = Scene.Busy().RunsSteps().Type("x2").Press(new Key(KeyKind.Down));
        Assert.That(scene.Model.ChosenProposal!.Proposal.Id, Is.EqualTo(Scene.StepsId));
        Assert.That(scene.Type($"{key}").Model.Dialog, Is.EqualTo(new Dialog.Work(Identity)));
        Assert.That(scene.Wishes, Has.Count.EqualTo(1));
    }

    [TestCase('e')]
    [TestCase('l')]
    public void Steps_can_be_neither_edited_nor_leased(char key)
    {
        var scene = Scene.Busy().Happens(Scene.StepsQueue(Identity)).Type("2").Press(new Key(KeyKind.Down)).Type($"{key}");
        Assert.That((scene.Model.Dialog, scene.Wishes.Count, scene.Model.StatusIsProblem), Is.EqualTo(((Dialog?)null, 0, true)));
        Assert.That(scene.Type("a").Wishes, Is.EqualTo(new Wish[] { new Wish.Prepare(Identity, Scene.StepsId, null) }));
    }

    [Test]
    public void What_a_step_prints_is_kept_bounded_and_the_newest_is_shown_unless_somebody_reads_further_up()
    {
        var scene = Scene.Busy().RunsSteps();
        for (var i = 0; i < 2000; i++) scene.Happens(new DashboardEvent.WorkSaid(Identity, $"  line {i}.", IsStage: false));
        Assert.That(scene.Model.Works[Identity].Lines, Has.Count.EqualTo(ImageWork.MostLines));
        Assert.That(scene.Screen.ToString(), Does.Contain("line 1999."));
        Assert.That(scene.Press(new Key(KeyKind.PageUp)).Screen.ToString(), Does.Not.Contain("line 1999.").And.Contain("line 1970.").And.Contain("lines more: ↓"));
        Assert.That(scene.Press(new Key(KeyKind.PageDown)).Screen.ToString(), Does.Contain("line 1999."));
    }

    [Test]
    public void The_command_to_go_on_with_is_there_when_it_is_done_whatever_is_open_then()
    {
        var typing = Scene.Busy().RunsSteps().Type("x2r").Happens(Scene.StepsMade(Identity));
        Assert.That(typing.Screen.ToString(), Does.Contain("Reject").And.Contain($"bottle resume {Identity}"));
        Assert.That(typing.Press(new Key(KeyKind.Escape)).Type("1").Press(new Key(KeyKind.Down)).Type("c").Screen.ToString(), Does.Contain("+ jq 1.7").And.Contain($"bottle resume {Identity}"), "and later");
    }

    [Test]
    public void A_failure_is_said_and_the_question_can_be_answered_again()
    {
        var scene = Scene.Busy().RunsSteps().Happens(new DashboardEvent.WorkEnded(Identity, WorkState.Failed, "BTL7402: step 1 ended with exit code 100", ["  = why: because"]));
        Assert.That(scene.Screen.ToString(), Does.Contain("failed after 12s").And.Contain("= why: because").And.Contain("BTL7402"));
        Assert.That(scene.Type("x2").Press(new Key(KeyKind.Down)).Type("a").Wishes[^1], Is.EqualTo(new Wish.Prepare(Identity, Scene.StepsId, null)));
    }

    [Test]
    public void Whoever_leaves_while_steps_are_run_is_asked_first()
    {
        var scene = Scene.Busy().RunsSteps().Type("xq");
        Assert.That((scene.Model.Dialog is Dialog.Question, scene.Wishes.OfType<Wish.Quit>().Any()), Is.EqualTo((true, false)));
        Assert.That(scene.Type("n").Wishes.OfType<Wish.Quit>(), Is.Empty);
        Assert.That(scene.Type("qy").Wishes[^1], Is.EqualTo(new Wish.Quit()));
        Assert.That(Scene.Busy().RunsSteps().Happens(Scene.StepsMade(Identity)).Type("xq").Wishes[^1], Is.EqualTo(new Wish.Quit()), "what is done holds nobody up");
    }
}
