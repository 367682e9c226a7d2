using System.Text;
using System.Text.Json;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Audit;
using Bottle.Host.Budgets;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Budgets;

/// <summary>What egress counted, held against the budget while the agent works.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BudgetWatchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();
    private readonly List<string> problems = [];
    private readonly BottleHome home;
    private readonly StateStore store;
    private readonly StateDirectory state;
    private readonly BottlePlan plan = Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { Budget = new(new Budget { Minutes = 10, Requests = 100 }, Samples.Span(3)) }));

    public BudgetWatchTests()
    {
        home = new BottleHome(folder.Path);
        store = new StateStore(home, new CommandRunner());
        state = store.Create(plan.Identity);
        PlanStore.Write(state, plan);
        Directory.CreateDirectory(state[StateLayout.EgressLogDirectory]);
    }

    private string Seen => Path.Combine(folder.Path, "seen");

    [Test]
    public async Task A_warning_and_the_end_are_recorded_told_and_said_once()
    {
        var watch = Watch($"printf '%s ' \"$BOTTLE_EVENT\" >> {Seen}; cat >> {Seen}");
        Count(requests: 79);
        Assert.That(await TendAsync(watch), Is.Empty);
        Count(requests: 80);
        Assert.That(await TendAsync(watch), Is.EqualTo(new[] { $"80 of 100 requests (80 %); more: dotnet cake --target=Extend --bottle={plan.Identity} --requests=+…" }));
        Count(requests: 99);
        Assert.That(await TendAsync(watch), Is.Empty, "once");
        Count(requests: 100);
        Assert.That((await TendAsync(watch)).Single(), Does.StartWith("100 of 100 requests (spent); more: "));
        Assert.That(await TendAsync(watch), Is.Empty);
        Assert.That(Records(), Is.EqualTo(new[] { "budget-warning bottle: 80 of 100 requests (80 %): 80 % of 100 requests used", "budget-spent bottle: 100 of 100 requests (spent): all of 100 requests used: egress refuses" }));
        var told = await File.ReadAllLinesAsync(Seen);
        Assert.That(told.Select(line => line.Split(' ', 2)[0]), Is.EqualTo(new[] { "budget-warning", "budget-spent" }));
        var json = JsonElement.Parse(told[1].Split(' ', 2)[1]);
        Assert.That((json.GetProperty("identity").GetString(), json.GetProperty("event").GetString(), json.GetProperty("kind").GetString(), json.GetProperty("used").GetInt64(), json.GetProperty("limit").GetInt64()),
            Is.EqualTo((plan.Identity, "budget-spent", "requests", 100, 100)));
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public async Task Whoever_goes_on_with_the_run_does_not_tell_again_and_a_higher_limit_counts_anew()
    {
        Count(requests: 100);
        Assert.That(await TendAsync(Watch("cat")), Has.Count.EqualTo(1), "one line, though nobody looked at 80 %");
        Assert.That(await TendAsync(Watch("cat")), Is.Empty, "another process");
        PlanStore.Write(state, PlanRevision.Next(plan, new PolicyChange.Extend([BudgetGrant.Parse(BudgetKind.Requests, "+20", out _)!])).Require());
        var watch = Watch("cat");
        Assert.That((await TendAsync(watch)).Single(), Does.StartWith("100 of 120 requests (83 %)"));
        Count(requests: 120);
        Assert.That((await TendAsync(watch)).Single(), Does.StartWith("120 of 120 requests (spent)"));
        Assert.That(Events(), Is.EqualTo(new[] { "budget-warning", "budget-spent", "budget-warning", "budget-spent" }));
    }

    [Test]
    public async Task Minutes_go_by_on_the_clock_whether_the_agent_does_anything_or_not()
    {
        Count(requests: 1);
        var watch = Watch("cat");
        clock.Advance(TimeSpan.FromMinutes(7.9));
        Assert.That(await TendAsync(watch), Is.Empty);
        clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.That((await TendAsync(watch)).Single(), Does.StartWith("8 of 10 minutes (80 %)"));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await TendAsync(watch)).Single(), Does.StartWith("10 of 10 minutes (spent)"));
    }

    [Test]
    public async Task What_the_operators_command_fails_at_is_said_and_nothing_is_lost()
    {
        Count(requests: 100);
        Assert.That(await TendAsync(Watch("echo broken >&2; exit 3")), Has.Count.EqualTo(1));
        Assert.That(problems, Is.EqualTo(new[] { "on_proposal for budget-spent of requests: exit code 3: broken" }));
        Assert.That(Events(), Is.EqualTo(new[] { "budget-warning", "budget-spent" }));
    }

    [Test]
    public async Task A_run_without_a_budget_or_without_counts_says_nothing()
    {
        Assert.That(await TendAsync(Watch("cat")), Is.Empty, "egress has not counted yet");
        Count(requests: 1000);
        PlanStore.Write(state, plan with { Egress = plan.Egress! with { Budget = null } });
        Assert.That(await TendAsync(Watch("cat")), Is.Empty);
        Assert.That(RunBudget.Of(state, PlanStore.Read(state), clock.GetUtcNow()), Is.Null);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("""{"started":"2026-01-02T03:04:05+00:00","requests":-1,"bytes":0,"tokens":0,"unread_answers":0}""")]
    public async Task Counts_that_cannot_be_read_are_said_to_be_unknown(string text)
    {
        File.WriteAllText(state[StateLayout.BudgetCounts], text);
        Assert.That(await TendAsync(Watch("cat")), Is.Empty);
        Assert.That(RunBudget.Of(state, plan, clock.GetUtcNow())!.Error, Does.Contain("holds no counts"));
    }

    [Test]
    public void What_a_container_put_in_their_place_is_not_followed()
    {
        var elsewhere = Path.Combine(folder.Path, "elsewhere.json");
        File.WriteAllBytes(elsewhere, BudgetFormat.Write(Counts(requests: 7)));
        File.CreateSymbolicLink(state[StateLayout.BudgetCounts], elsewhere);
        var report = RunBudget.Of(state, plan, clock.GetUtcNow())!;
        Assert.That(report.Error, Does.Contain("is not a regular file"));
        Assert.That(report.Requests.Used, Is.Zero);
    }

    [Test]
    public void A_run_that_is_not_there_has_no_budget() => Assert.That(RunBudget.Of(home, store, "nobody-00000", clock.GetUtcNow()), Is.Null);

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }

    private Task<IReadOnlyList<string>> TendAsync(BudgetWatch watch) => watch.TendAsync(problems.Add, CancellationToken.None);

    private BudgetWatch Watch(string script) => new(new AuditLog(home, clock), state, new OperatorHook(new CommandRunner(), ["sh", "-c", script]), clock);

    private void Count(long requests) => File.WriteAllBytes(state[StateLayout.BudgetCounts], BudgetFormat.Write(Counts(requests)));

    private static BudgetCounts Counts(long requests) => new() { Started = new ManualClock().GetUtcNow(), Requests = requests, Bytes = 0, Tokens = 0, UnreadAnswers = 0 };

    private IEnumerable<AuditRecord> Audit() => File.ReadAllLines(AuditLog.RunFile(home, plan.Identity)).Select(line => AuditChain.Read(Encoding.UTF8.GetBytes(line), out _)!);

    private IEnumerable<string> Records() => Audit().Select(record => $"{record.Event} {record.Actor}: {record.Before}: {record.After}");

    private IEnumerable<string> Events() => Audit().Select(record => record.Event);
}
