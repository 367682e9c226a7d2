using System.Text;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>More of a running bottle's budget, and less of it (SPEC N10).</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class BudgetExtensionTests
{
    [Test]
    public async Task More_of_a_budget_is_a_revision_that_egress_has_confirmed_and_a_line_of_its_own_in_the_audit_log()
    {
        using var limited = Limited(new Budget { Minutes = 10, Requests = 100 });
        Count(limited, requests: 100);
        var extension = await limited.Desk.ExtendAsync(limited.Plan.Identity, [Grant(BudgetKind.Requests, "+20"), Grant(BudgetKind.Minutes, "15")]);
        Assert.That(limited.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(limited.Live.Budget, Is.EqualTo(new Budget { Minutes = 15, Requests = 120 }));
        Assert.That((extension.Budget.Requests, extension.Outcome.Change.Warnings.Count), Is.EqualTo((new BudgetLine(100, 120, BudgetState.Warning), 0)));
        var record = AuditLines(limited).First();
        Assert.That((record.Event, record.Actor), Is.EqualTo(("extended", AuditLog.Operator)));
        Assert.That(record.Before, Does.StartWith("more of the budget: 10 minutes, 100 requests; now 15 minutes, 120 requests; until then used: ").And.EndsWith("100 of 100 requests (spent)"));
        Assert.That(AuditLines(limited).Select(line => line.Event), Is.EqualTo(new[] { "extended", "applied" }));
    }

    [Test]
    public async Task What_is_given_twice_at_once_is_given_twice()
    {
        using var limited = Limited(new Budget { Requests = 100 });
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => limited.Desk.ExtendAsync(limited.Plan.Identity, [Grant(BudgetKind.Requests, "+10")])));
        Assert.That((limited.Live.Budget!.Requests, PlanStore.Read(limited.State)!.Revision), Is.EqualTo((150L, 6)));
    }

    [Test]
    public async Task A_budget_that_egress_does_not_take_is_as_it_was()
    {
        using var limited = Limited(new Budget { Requests = 100 });
        limited.EgressRefuses = true;
        limited.WhenRefused = () => limited.EgressRefuses = false;
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => limited.Desk.ExtendAsync(limited.Plan.Identity, [Grant(BudgetKind.Requests, "+10")])))!.Diagnostics[0].Code, Is.EqualTo("BTL7202"));
        Assert.That((limited.Live.Budget!.Requests, PlanStore.Read(limited.State)!.Egress!.Budget!.Limits.Requests), Is.EqualTo((100L, 100L)));
        Assert.That(AuditLines(limited).Select(line => line.Event), Is.EqualTo(new[] { "extended", "failed" }));
    }

    [Test]
    public async Task A_run_that_is_over_stands_still_or_never_was_is_not_extended()
    {
        using var limited = Limited(new Budget { Requests = 100 });
        limited.EgressRuns = false;
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => limited.Desk.ExtendAsync(limited.Plan.Identity, [Grant(BudgetKind.Requests, "+10")])))!.Diagnostics[0].Code, Is.EqualTo("BTL7111"));
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => limited.Desk.ExtendAsync("nobody-00000", [Grant(BudgetKind.Requests, "+10")])))!.Diagnostics[0].Code, Is.EqualTo("BTL5008"));
        Directory.CreateDirectory(limited.Home.Runs("over-00000"));
        Assert.That((await Assert.ThrowsAsync<BottleException>(() => limited.Desk.ExtendAsync("over-00000", [Grant(BudgetKind.Requests, "+10")])))!.Diagnostics[0].Code, Is.EqualTo("BTL7121"));
    }

    [Test]
    public async Task A_budget_that_is_lowered_by_hand_below_what_is_used_is_said_plainly_before()
    {
        using var limited = Limited(new Budget { Minutes = 10, Requests = 100 });
        Count(limited, requests: 40);
        var table = await limited.Desk.TableAsync(limited.Plan.Identity);
        var edited = RouteEditor.Read(RouteEditor.Text(table, "the table").Replace("requests: 100", "requests: 30", StringComparison.Ordinal), table);
        var shown = await limited.Desk.PrepareTableAsync(limited.Plan.Identity, edited);
        Assert.That(ProposalText.Render(shown), Does.Contain("requests: 40 requests are used already, and the limit will be 30 requests").And.Contain("+budget: {minutes: 10, requests: 30}"));
        await limited.Desk.ApplyTableAsync(limited.Plan.Identity, edited, shown);
        Assert.That(limited.Live.Budget, Is.EqualTo(new Budget { Minutes = 10, Requests = 30 }));
    }

    private static FakeBottle Limited(Budget budget) =>
        new(Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("kept.example.com")) with { Supervise = true, Budget = new(budget, Samples.Span(3)) })));

    private static BudgetGrant Grant(BudgetKind kind, string text) => BudgetGrant.Parse(kind, text, out _)!;

    private static void Count(FakeBottle bottle, long requests) => bottle.State.Writer(null).Write(StateLayout.BudgetCounts,
        Encoding.UTF8.GetString(BudgetFormat.Write(new BudgetCounts { Started = DateTimeOffset.UtcNow, Requests = requests, Bytes = 0, Tokens = 0, UnreadAnswers = 0 })));

    private static IEnumerable<AuditRecord> AuditLines(FakeBottle bottle) => File.ReadAllLines(AuditLog.RunFile(bottle.Home, bottle.Plan.Identity)).Select(line => AuditChain.Read(Encoding.UTF8.GetBytes(line), out _)!);
}
