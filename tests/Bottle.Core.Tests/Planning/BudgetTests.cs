using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

/// <summary>What a run may use, from the manifest into routes.yaml, and more of it while it runs.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BudgetTests
{
    private static readonly Budget Whole = new() { Minutes = 240, Requests = 20000, Bytes = 5L * 1024 * 1024 * 1024, Tokens = 3_000_000 };

    private static BottleManifest Manifest(Budget limits, params RouteManifest[] routes) => Samples.Bottle(routes) with { Budget = new BudgetManifest(limits, Samples.Span(3)) };

    private static BottlePlan Plan(Budget? limits) => Samples.Plan(Samples.Launch((limits is null ? Samples.Bottle() : Manifest(limits)) with { Supervise = true }, "claude"), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN"));

    private static string[] Codes(PlanResult result) => [.. result.Diagnostics.Select(d => d.Code)];

    private static PolicyChange.Extend Extend(params (BudgetKind Kind, string Text)[] grants) => new([.. grants.Select(grant => BudgetGrant.Parse(grant.Kind, grant.Text, out _)!)]);

    [Test]
    public void A_budget_stands_in_the_table_that_egress_reads_and_is_said_before_the_launch()
    {
        var plan = Plan(Whole);
        Assert.That(RoutesReader.Read(RoutesRenderer.Render(plan).Single().Text).File!.Budget, Is.EqualTo(Whole));
        Assert.That(PreflightText.Render(plan), Does.Match("budget +240 minutes, 20000 requests, 5 GB, 3000000 tokens; when one is used up, its way out is shut"));
        Assert.That(RoutesRenderer.Render(Plan(null)).Single().Text, Does.Not.Contain("budget"));
    }

    [Test]
    public void What_egress_reads_is_what_was_planned() => Prop.ForAll(Budgets.ToArbitrary(), limits =>
    {
        var plan = Plan(null);
        var text = RoutesRenderer.Render(plan with { Egress = plan.Egress! with { Budget = new BudgetPlan(limits, null) } }).Single().Text;
        var read = RoutesReader.Read(text);
        Assert.That(read.Problems, Is.Empty, text);
        Assert.That(read.File!.Budget, Is.EqualTo(limits), text);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_budget_without_a_way_out_is_a_warning_and_one_that_nobody_counts_an_error()
    {
        var nothing = Planner.Plan(Samples.Launch(Manifest(new Budget { Requests = 5 })), Samples.Facts());
        Assert.That(Codes(nothing), Is.EqualTo(new[] { "BTL2023" }));
        Assert.That((nothing.Diagnostics[0].Severity, nothing.Plan!.Egress, nothing.Diagnostics[0].Where), Is.EqualTo((Severity.Warning, (EgressPlan?)null, (SourceSpan?)Samples.Span(3))));
        var uncounted = Planner.Plan(Samples.Launch(Manifest(new Budget { Tokens = 5 }, Samples.Route("api.example.com"))), Samples.Facts());
        Assert.That((Codes(uncounted), uncounted.Plan), Is.EqualTo((new[] { "BTL2024" }, (BottlePlan?)null)));
        Assert.That(Codes(Planner.Plan(Samples.Launch(Manifest(new Budget { Requests = 5 }, Samples.Route("api.example.com"))), Samples.Facts())), Is.Empty);
    }

    [Test]
    public void More_is_given_by_so_much_or_in_all_and_everything_else_stays()
    {
        var before = Plan(Whole);
        var after = PlanRevision.Next(before, Extend((BudgetKind.Requests, "+5000"), (BudgetKind.Minutes, "300"), (BudgetKind.Bytes, "+1GB"))).Require();
        Assert.That(after.Egress!.Budget!.Limits, Is.EqualTo(Whole with { Requests = 25000, Minutes = 300, Bytes = 6L * 1024 * 1024 * 1024 }));
        Assert.That(after with { Revision = 1, Egress = before.Egress, Pipelock = before.Pipelock }, Is.EqualTo(before));
        Assert.That((after.Revision, PipelockChanges.Between(before.Pipelock!, after.Pipelock!)), Is.EqualTo((2, PipelockChange.None)));
        Assert.That(after.Egress.Budget.Source, Is.EqualTo(before.Egress!.Budget!.Source));
    }

    [TestCase(BudgetKind.Requests, "20000", "BTL2066")]
    [TestCase(BudgetKind.Requests, "19999", "BTL2066")]
    [TestCase(BudgetKind.Minutes, "+527000", "BTL2068")]
    [TestCase(BudgetKind.Tokens, "+9007199254740991", "BTL2068")]
    public void What_is_not_more_or_too_much_is_refused(BudgetKind kind, string text, string code) => Assert.That(Codes(PlanRevision.Next(Plan(Whole), Extend((kind, text)))), Is.EqualTo(new[] { code }));

    [Test]
    public void What_has_no_limit_cannot_be_extended_and_all_mistakes_are_said_at_once()
    {
        Assert.That(Codes(PlanRevision.Next(Plan(null), Extend((BudgetKind.Requests, "+1")))), Is.EqualTo(new[] { "BTL2064" }));
        Assert.That(Codes(PlanRevision.Next(Plan(new Budget { Requests = 5 }), Extend((BudgetKind.Bytes, "+1GB"), (BudgetKind.Requests, "5")))), Is.EqualTo(new[] { "BTL2065", "BTL2066" }));
        Assert.That(Codes(PlanRevision.Next(Samples.Plan(), Extend((BudgetKind.Requests, "+1")))), Is.EqualTo(new[] { "BTL2051" }), "without a way out");
    }

    [Test]
    public void An_edited_table_keeps_lowers_gives_or_removes_the_budget_as_it_says()
    {
        var plan = Plan(Whole);
        var routes = plan.Egress!.Routes;
        Assert.That(Codes(PlanRevision.Next(plan, new PolicyChange.Table(routes, Whole))), Is.EqualTo(new[] { "BTL2052" }), "as it is");
        var lower = Whole with { Requests = 10 };
        Assert.That(Next(plan, lower).Egress!.Budget!.Limits, Is.EqualTo(lower));
        Assert.That(Next(plan, null).Egress!.Budget, Is.Null);
        Assert.That(Next(Plan(null), Whole).Egress!.Budget, Is.EqualTo(new BudgetPlan(Whole, null)));
        Assert.That(Codes(PlanRevision.Next(Plan(null), new PolicyChange.Table([new Route { Host = "api.example.com" }], new Budget { Tokens = 5 }))), Is.EqualTo(new[] { "BTL2024" }));
        Assert.That(Codes(PlanRevision.Next(plan, new PolicyChange.Table([.. routes.Select(route => route with { Provider = null })], Whole))), Is.EqualTo(new[] { "BTL2024" }), "the limit stays, and nobody counts any more");

        BottlePlan Next(BottlePlan from, Budget? budget) => PlanRevision.Next(from, new PolicyChange.Table(routes, budget)).Require();
    }

    [Test]
    public void Other_changes_leave_the_budget_alone() =>
        Assert.That(PlanRevision.Next(Plan(Whole), new PolicyChange.Add(new Route { Host = "api.example.com" })).Require().Egress!.Budget!.Limits, Is.EqualTo(Whole));

    [TestCase(BudgetKind.Requests, "")]
    [TestCase(BudgetKind.Requests, "+")]
    [TestCase(BudgetKind.Requests, "++5")]
    [TestCase(BudgetKind.Requests, "-5")]
    [TestCase(BudgetKind.Requests, "0")]
    [TestCase(BudgetKind.Requests, "+0")]
    [TestCase(BudgetKind.Requests, "5.5")]
    [TestCase(BudgetKind.Requests, "5GB")]
    [TestCase(BudgetKind.Requests, "9007199254740992")]
    [TestCase(BudgetKind.Requests, "99999999999999999999999")]
    [TestCase(BudgetKind.Minutes, "527041")]
    [TestCase(BudgetKind.Bytes, "5")]
    [TestCase(BudgetKind.Bytes, "GB")]
    [TestCase(BudgetKind.Bytes, "0GB")]
    [TestCase(BudgetKind.Bytes, "5gb")]
    [TestCase(BudgetKind.Bytes, "8192TB")]
    [TestCase(BudgetKind.Bytes, "9223372036854775807TB")]
    [TestCase(BudgetKind.Bytes, "16777217TB")]
    public void What_is_no_amount_is_said_to_be_none(BudgetKind kind, string text)
    {
        Assert.That(BudgetGrant.Parse(kind, text, out var problem), Is.Null);
        Assert.That(problem, Is.Not.Empty);
    }

    [Test]
    public void No_text_makes_the_readers_of_amounts_throw_and_what_they_take_is_in_range() => Prop.ForAll(Gen.Elements(BudgetKinds.All.ToArray()).Zip(AmountLike).ToArbitrary(), given =>
    {
        if (BudgetGrant.Parse(given.Item1, given.Item2, out _) is { } grant)
            Assert.That(grant.Amount, Is.InRange(1L, given.Item1.Most()));
        Assert.That(!ByteSize.TryParse(given.Item2, out var bytes) || bytes >= 0);
    }).QuickCheckThrowOnFailure();

    [TestCase(0, "0 bytes")]
    [TestCase(1023, "1023 bytes")]
    [TestCase(1024, "1 KB")]
    [TestCase(1536, "1.5 KB")]
    [TestCase(5L * 1024 * 1024 * 1024, "5 GB")]
    [TestCase((5L * 1024 * 1024 * 1024) - 1, "4.9 GB")]
    [TestCase(long.MaxValue, "8388607.9 TB")]
    public void Sizes_are_written_as_they_are_read(long bytes, string text) => Assert.That(ByteSize.Format(bytes), Is.EqualTo(text));

    [Test]
    public void A_report_for_people_has_the_kinds_that_are_limited_and_what_nobody_knows()
    {
        var use = new BudgetUse { Minutes = 12, Requests = 20000, Bytes = 4096, Tokens = 2_412_000, UnreadAnswers = 2 };
        Assert.That(BudgetText.Used(BudgetReport.Of(Whole with { Bytes = null }, use)), Is.EqualTo("12 of 240 minutes (5 %), 20000 of 20000 requests (spent), 2412000 of 3000000 tokens (80 %), 2 answers whose tokens nobody knows"));
        Assert.That(BudgetText.Used(BudgetReport.Of(new Budget { Bytes = 5120 }, use, "no \e[31mfile")), Is.EqualTo("4 KB of 5 KB (80 %), not known: no ␛[31mfile"));
    }

    private static Gen<Budget> Budgets =>
        from minutes in Gen.Elements<int?>(null, 1, Budget.MostMinutes)
        from requests in Limit
        from bytes in Limit
        from tokens in Limit
        where minutes is not null || requests is not null || bytes is not null || tokens is not null
        select new Budget { Minutes = minutes, Requests = requests, Bytes = bytes, Tokens = tokens };

    private static Gen<long?> Limit => Gen.OneOf(Gen.Constant<long?>(null), Gen.Elements<long?>(1, Budget.Most), Gen.Choose(1, int.MaxValue).Select(number => (long?)number));

    private static Gen<string> AmountLike => Gen.OneOf(
        Gen.Elements('+', '-', '0', '1', '9', '9', 'K', 'M', 'G', 'T', 'B', ' ', '.', '٣').ArrayOf().Select(characters => new string(characters)),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
}
