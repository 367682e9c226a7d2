using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Updating;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Dashboard.Tests;

/// <summary>Budgets on the screen (SPEC N10).</summary>
public sealed class BudgetTests
{
    [Test]
    public void A_budget_that_comes_near_its_end_is_news_once_and_marks_its_bottle()
    {
        var scene = Scene.Busy().Happens(Scene.Budget("dev-k3x9a", 799), new DashboardEvent.Done(""));
        Assert.That(scene.Screen.ToString(), Does.Contain("799 of 1000 requests (79 %)").And.Not.Contain(" ! "));
        Assert.That(scene.Happens(Scene.Budget("dev-k3x9a", 800)).Model.Status, Is.EqualTo("dev-k3x9a has used 800 of 1000 requests (80 %); x gives more"));
        Assert.That(scene.Happens(new DashboardEvent.Done(""), Scene.Budget("dev-k3x9a", 801)).Model.Status, Is.Empty);
        Assert.That(scene.Screen.ToString(), Does.Contain("▸dev-k3x9a ! "));
        Assert.That(scene.Happens(Scene.Budget("dev-k3x9a", 1000)).Model.StatusIsProblem, Is.True);
        Assert.That(scene.Screen.ToString(), Does.Contain("▸dev-k3x9a !! ").And.Contain("(spent)"));
        Assert.That(scene.Happens(new DashboardEvent.BudgetSeen("dev-k3x9a", null)).Screen.ToString(), Does.Not.Contain("!!"));
    }

    [TestCase("+5000 requests", BudgetKind.Requests, 5000, true)]
    [TestCase(" requests   +5000 ", BudgetKind.Requests, 5000, true)]
    [TestCase("Minutes 90", BudgetKind.Minutes, 90, false)]
    [TestCase("+1GB", BudgetKind.Bytes, 1L << 30, true)]
    [TestCase("bytes +1 GB", BudgetKind.Bytes, 1L << 30, true)]
    [TestCase("+100000 tokens", BudgetKind.Tokens, 100_000, true)]
    public void More_is_asked_for_by_kind_and_amount_of_the_bottle_that_was_chosen_then(string typed, BudgetKind kind, long amount, bool isMore)
    {
        var scene = Scene.Busy().Happens(Scene.Budget("dev-k3x9a", 900)).Type("x").Happens(new DashboardEvent.BottlesSeen([Scene.Bottle("review-aaaaa", 1, "running")])).Type(typed).Press(new Key(KeyKind.Enter));
        Assert.That(scene.Wishes, Is.EqualTo(new Wish[] { new Wish.Extend("dev-k3x9a", new BudgetGrant(kind, amount, isMore)) }));
    }

    [TestCase("")]
    [TestCase("+5000")]
    [TestCase("requests")]
    [TestCase("+5 requests tokens")]
    [TestCase("-5 requests")]
    [TestCase("+0 minutes")]
    public void What_is_no_amount_of_a_kind_is_said_and_can_be_mended(string typed)
    {
        var scene = Scene.Busy().Happens(Scene.Budget("dev-k3x9a", 900)).Type($"x{typed}").Press(new Key(KeyKind.Enter));
        Assert.That((scene.Wishes.Count, scene.Model.StatusIsProblem, (scene.Model.Dialog as Dialog.Entry)?.Text), Is.EqualTo((0, true, typed)));
    }

    [Test]
    public void A_bottle_without_a_budget_cannot_be_given_more_of_it()
    {
        var scene = Scene.Busy().Type("x");
        Assert.That((scene.Model.Dialog, scene.Wishes.Count), Is.EqualTo(((Dialog?)null, 0)));
        Assert.That(scene.Model.Status, Does.Contain("has no budget"));
    }

    [Test]
    public void Whatever_is_typed_is_an_amount_or_has_a_problem_that_is_said() =>
        Prop.ForAll<string>(text => text is null || (BudgetKeys.Parse(text, out var problem) is { Amount: > 0 }) == (problem.Length == 0)).QuickCheckThrowOnFailure();
}
