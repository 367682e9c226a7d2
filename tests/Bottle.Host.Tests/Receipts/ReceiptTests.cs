using System.Text;
using System.Text.Json.Nodes;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Core.Tests.Rendering;
using Bottle.Host.Audit;
using Bottle.Host.Budgets;
using Bottle.Host.Docker;
using Bottle.Host.Receipts;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Bottle.Host.Tests.Traffic;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Receipts;

/// <summary>One run with a git-gate, requests, an approval and a refusal: its receipt is written and checked, then each thing that it names is changed in turn.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReceiptTests : IDisposable
{
    private static readonly string Hash = new('d', 64);

    private readonly TemporaryFolder folder = new();
    private readonly RecordingCommandRunner runner = new();
    private readonly BottlePlan plan;
    private readonly BottleHome home;
    private readonly StateDirectory state;

    public ReceiptTests()
    {
        var manifest = Samples.Demo().Bottle with { Git = Samples.GitDemo().Bottle.Git, TestUpstreams = [.. Samples.Demo().Bottle.TestUpstreams, .. Samples.GitDemo().Bottle.TestUpstreams] };
        plan = Samples.Plan(Samples.Launch(manifest), Samples.DemoFacts());
        home = new BottleHome(folder.Path);
        state = new StateStore(home, runner).Create(plan.Identity);
        PlanStore.Write(state, plan);
        state.WriteMetadata(new Metadata { AgentName = "implementer", Bottle = "dev", Cwd = "/work", StartedAt = DateTimeOffset.Parse("2026-11-21T07:00:00Z"), ComposeProject = plan.Names.Project });
        Directory.CreateDirectory(state[StateLayout.EgressLogDirectory]);
        File.WriteAllText(state[StateLayout.RequestLog], TrafficReaderTests.Line("api.demo.test", bytes: 100, credential: "EGRESS_TOKEN_0") + TrafficReaderTests.Line("evil.test", "denied", bytes: 5));
        runner.Answer("inspect --type container", string.Join('\n', new[] { "agent", "egress", "pipelock", "git-gate", "upstream-1", "upstream-2" }.Select(service =>
            $$"""{"service":"{{service}}","image":"bottle-{{service}}:1","imageId":"sha256:{{new string('a', 64)}}"}""")));
        runner.Answer("logs --timestamps", "2026-11-21T07:10:00.000000000Z {\"time\":\"2026-11-21T07:10:00.000Z\",\"event\":\"push\",\"repository\":\"demo\",\"decision\":\"forwarded\",\"refs\":[\"000..111 refs/heads/agent/\\u001bx\"]}\n"
            + "2026-11-21T07:11:00.000000000Z {\"time\":\"2026-11-21T07:11:00.000Z\",\"event\":\"push\",\"repository\":\"demo\",\"decision\":\"refused\",\"codes\":[\"BTL6412\"],\"received\":12}\n"
            + "2026-11-21T07:12:00.000000000Z {\"event\":\"access\"}\n2026-11-21T07:12:00.000000000Z {\"event\":\"push\",\"rep");
    }

    private string Kept(string name) => Path.Combine(home.Runs(plan.Identity), name);

    [Test]
    public async Task A_receipt_says_what_ran_what_was_decided_pushed_and_asked_for_and_fits_its_schema()
    {
        await WriteAsync();
        var receipt = Read();
        Assert.That((receipt.Agent, receipt.AgentExit, receipt.Plan!.Revision, receipt.Gaps.Count), Is.EqualTo(("implementer", (int?)0, 1, 0)));
        Assert.That(receipt.Plan.Sha256, Is.EqualTo(ContentDigest.OfFile(state[StateLayout.Plan])));
        Assert.That(receipt.Images.Select(image => image.Service), Is.EqualTo(new[] { "agent", "egress", "git-gate", "pipelock", "upstream-1", "upstream-2" }));
        Assert.That(receipt.Decisions.Select(d => (d.Event, d.Actor, d.Revision, d.DiffSha256)), Is.EqualTo(new[] { ("approved", "operator:tester", (int?)2, Hash), ("rejected", "operator:tester", null, (string?)null), ("approved", "operator:tester", null, Hash) }));
        Assert.That(receipt.Pushes!.Select(push => (push.Decision, string.Join(' ', push.Refs), string.Join(' ', push.Codes))), Is.EqualTo(new[] { ("forwarded", "000..111 refs/heads/agent/␛x", ""), ("refused", "", "BTL6412") }));
        Assert.That(receipt.Traffic.Hosts.Select(host => (host.Host, host.Sums.Requests, host.Sums.Denied, host.Sums.BytesOut)), Is.EqualTo(new[] { ("api.demo.test", 1L, 0L, 100L), ("evil.test", 1L, 1L, 5L) }));
        Assert.That(receipt.Traffic.Credentials.Select(c => (c.Slot, c.Secret, c.Sums.BytesOut)), Is.EqualTo(new[] { ("EGRESS_TOKEN_0", (string?)"env:DEMO_TOKEN", 100L) }));
        Assert.That(Problems(), Is.Empty);
    }

    [Test]
    public async Task A_receipt_holds_also_when_the_audit_log_went_on()
    {
        await WriteAsync();
        Assert.That(Check().Problems, Is.Empty);
        await new AuditLog(home, TimeProvider.System).AppendAsync(plan.Identity, AuditEvents.Rejected, "operator:tester", "later", "no");
        var report = Check();
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Notes, Has.Exactly(2).Contains("went on since: 1 records more"));
    }

    [TestCase("requests.jsonl", "requests.jsonl is not as it was")]
    [TestCase("plan.json", "plan.json is not as it was")]
    [TestCase("audit.jsonl", "its hash does not fit")]
    [TestCase("receipt.json", "its own hash does not fit")]
    public async Task One_changed_character_is_found(string file, string problem)
    {
        await WriteAsync();
        var text = File.ReadAllText(Kept(file));
        var at = text.IndexOf("demo", StringComparison.Ordinal);
        File.WriteAllText(Kept(file), text[..at] + "damo" + text[(at + 4)..]);
        Assert.That(Check().Problems, Has.Some.Contains(problem));
    }

    [TestCase("requests.jsonl", "requests.jsonl is not there any more")]
    [TestCase("audit.jsonl", "the run's audit log is gone")]
    public async Task A_record_that_is_gone_is_found(string file, string problem)
    {
        await WriteAsync();
        File.Delete(Kept(file));
        Assert.That(Check().Problems, Has.Some.Contains(problem));
    }

    [Test]
    public async Task An_audit_log_that_was_cut_cleanly_after_the_receipt_is_found()
    {
        await WriteAsync();
        var lines = File.ReadAllLines(Kept("audit.jsonl"));
        File.WriteAllText(Kept("audit.jsonl"), string.Join('\n', lines[..^1]) + "\n");
        Assert.That(Check().Problems, Has.Some.Contains("was cut off or rewritten"));
    }

    [Test]
    public async Task Sums_that_were_made_smaller_with_the_hash_written_anew_are_found_by_counting_again()
    {
        await WriteAsync();
        var receipt = Read();
        File.WriteAllBytes(Kept("receipt.json"), ReceiptFormat.Write(receipt with { Traffic = receipt.Traffic with { Total = receipt.Traffic.Total with { Denied = 0 } } }).Content);
        Assert.That(Check().Problems, Is.EqualTo(new[] { "its sums are not those of the request log, which has 2 requests" }));
    }

    [Test]
    public async Task A_killed_run_that_is_gone_on_with_keeps_its_gap_and_the_pushes_of_containers_that_are_gone()
    {
        await WriteAsync(exit: null, gap: ReceiptWriter.Killed);
        state.WriteMetadata(state.ReadMetadata()!.With(new StageRecord("Attach", StageRecord.Succeeded, DateTimeOffset.UtcNow.AddMinutes(1), 5)));
        var after = new RecordingCommandRunner().Answer("inspect", "").Answer("logs", "");
        await new ReceiptWriter(home, new DockerEngine(after), TimeProvider.System).WriteAsync(state, 0);
        var receipt = Read();
        Assert.That(receipt.Gaps, Has.Some.EqualTo(ReceiptWriter.Killed).And.Some.Contains("no container of agent, egress, pipelock, git-gate").And.Some.Contains("the git-gate's log is gone"));
        Assert.That((receipt.Pushes!.Count, receipt.Images.Count, receipt.IsComplete), Is.EqualTo((2, 6, false)));
    }

    [Test]
    public async Task A_complete_receipt_stays_when_the_kept_state_is_cleaned_up_later()
    {
        await WriteAsync();
        var before = File.ReadAllBytes(Kept("receipt.json"));
        state.WriteMetadata(state.ReadMetadata()!.With(new StageRecord("ComposeDown", StageRecord.Succeeded, DateTimeOffset.UtcNow.AddMinutes(1), 5)));
        var gone = new RecordingCommandRunner().Answer("docker ps").Answer("network ls").Answer("image ls").Answer("inspect", "").Answer("logs", "");
        state.Dispose();
        await new Reaper(home, new StateStore(home, gone), new DockerEngine(gone)).ReapAsync(plan.Identity, removeState: true);
        Assert.That(File.ReadAllBytes(Kept("receipt.json")), Is.EqualTo(before));
    }

    [Test]
    public async Task A_killed_run_gets_its_receipt_from_whoever_removes_what_it_left()
    {
        state.Dispose();
        runner.Answer("docker ps").Answer("network ls").Answer("image ls");
        await new Reaper(home, new StateStore(home, runner), new DockerEngine(runner)).ReapAsync(plan.Identity, removeState: true);
        Assert.That(Read().Gaps, Is.EqualTo(new[] { ReceiptWriter.Killed }));
        Assert.That((Read().AgentExit, Read().Images.Count, Read().Pushes!.Count, Read().Traffic.Total.Requests), Is.EqualTo(((int?)null, 6, 2, 2L)));
        Assert.That(Check().Problems, Is.Empty);
    }

    [Test]
    public async Task A_log_that_was_full_is_a_gap()
    {
        File.WriteAllText(state[StateLayout.NewestRequestLog], TrafficReaderTests.Line("late.test"));
        await WriteAsync();
        Assert.That(Read().Gaps, Has.One.Contains("the request log was full"));
        Assert.That(Read().Traffic.Total.Requests, Is.EqualTo(3));
    }

    [Test]
    public async Task A_budget_stands_in_the_receipt_with_what_was_used_of_it_and_is_held_by_the_counts_beside_it()
    {
        Limit(new Budget { Requests = 4, Tokens = 1000 });
        await WriteAsync();
        Assert.That(Read().Budget!.ToLines().Select(pair => pair.Line).Skip(1), Is.EqualTo(new[] { new BudgetLine(4, 4, BudgetState.Spent), new BudgetLine(77, null, BudgetState.Ok), new BudgetLine(5, 1000, BudgetState.Ok) }));
        Assert.That(Read().Files.Select(file => file.Name), Does.Contain("budget.json"));
        Assert.That(runner.Lines, Has.One.Contains("introspect budget"), "asked, so that egress writes what it has counted");
        Assert.That(Problems(), Is.Empty);
        var report = Check();
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Held, Has.Some.EqualTo("what it says of the budget is what budget.json holds"));
        var (receipt, sha256, _) = ReceiptCheck.Read(Kept("receipt.json"), () => ViewErrors.NoReceipt("x", false));
        Assert.That(ReceiptText.Render(receipt, sha256), Does.Match("budget +4 of 4 requests \\(spent\\), 5 of 1000 tokens \\(0 %\\), 1 answers whose tokens nobody knows"));
        Assert.That(RunBudget.Of(home, new StateStore(new BottleHome(folder.Path), runner), plan.Identity, DateTimeOffset.UtcNow), Is.Not.Null, "by the state");
    }

    [Test]
    public async Task A_use_that_was_made_smaller_with_the_hash_written_anew_is_found_by_the_counts()
    {
        Limit(new Budget { Requests = 4, Tokens = 1000 });
        await WriteAsync();
        var receipt = Read();
        File.WriteAllBytes(Kept("receipt.json"), ReceiptFormat.Write(receipt with { Budget = receipt.Budget! with { Requests = new BudgetLine(1, 4, BudgetState.Ok) } }).Content);
        Assert.That(Check().Problems, Is.EqualTo(new[] { "what it says of the budget is not what budget.json holds" }));
    }

    [Test]
    public async Task Counts_that_nobody_can_read_are_a_gap()
    {
        Limit(new Budget { Requests = 4 });
        File.WriteAllText(state[StateLayout.BudgetCounts], "{");
        await WriteAsync();
        Assert.That(Read().Gaps, Has.One.Contains("what was used of the budget is not known: budget.json holds no counts"));
        Assert.That(Check().Problems, Is.Empty);
    }

    [Test]
    public async Task A_receipt_of_a_version_without_budgets_holds_as_it_did()
    {
        await WriteAsync();
        Assert.That(Read().Budget, Is.Null);
        var text = File.ReadAllText(Kept("receipt.json"));
        var body = text[..text.LastIndexOf(",\n  \"sha256\"", StringComparison.Ordinal)].Replace("\n  \"budget\": null,", "", StringComparison.Ordinal);
        Assert.That(body, Does.Not.Contain("budget"));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body + "\n}\n")));
        File.WriteAllText(Kept("receipt.json"), $"{body},\n  \"sha256\": \"{hash}\"\n}}\n");
        Assert.That(Problems(), Is.Empty);
        Assert.That((Read().Budget, Check().Problems.Count), Is.EqualTo(((BudgetReport?)null, 0)));
    }

    [TestCase("")]
    [TestCase("{}\n")]
    [TestCase("null")]
    public void What_is_no_receipt_is_said_to_be_none(string content)
    {
        var path = Path.Combine(folder.Path, "r.json");
        File.WriteAllText(path, content);
        Assert.That(Assert.Throws<BottleException>(() => ReceiptCheck.Run(path, null, () => ViewErrors.NoReceipt("x", false)))!.Diagnostics[0].Code, Is.EqualTo("BTL5404"));
    }

    [Test]
    public async Task A_receipt_for_people_is_inert_and_says_what_it_cannot_do()
    {
        await WriteAsync();
        var (receipt, sha256, _) = ReceiptCheck.Read(Kept("receipt.json"), () => ViewErrors.NoReceipt("x", false));
        Assert.That(ReceiptText.Render(receipt, sha256).All(c => c == '\n' || InertText.IsHarmless(c)), Is.True);
        Assert.That(ReceiptText.Render(Check()), Does.StartWith("holds ").And.Contains("whoever has your account can write all of it anew"));
    }

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }

    private void Limit(Budget budget)
    {
        runner.Answer("introspect budget");
        PlanStore.Write(state, plan with { Egress = plan.Egress! with { Budget = new BudgetPlan(budget, "bottles/dev.md:3:1") } });
        File.WriteAllBytes(state[StateLayout.BudgetCounts], BudgetFormat.Write(new BudgetCounts { Started = DateTimeOffset.UtcNow, Requests = 4, Bytes = 77, Tokens = 5, UnreadAnswers = 1 }));
    }

    private IEnumerable<string> Problems()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository(), "src/Bottle.Contracts/schemas/receipt.schema.json")))!.AsObject();
        return SchemaCheck.Problems(JsonNode.Parse(File.ReadAllBytes(Kept("receipt.json"))), schema, schema);
    }

    private async Task WriteAsync(int? exit = 0, string? gap = null)
    {
        var audit = new AuditLog(home, TimeProvider.System);
        await audit.AppendAsync(plan.Identity, AuditEvents.Approved, "operator:tester", "p-1: GET https://demo.test/", $"granted, lease 3x, diff {Hash}");
        await audit.AppendAsync(plan.Identity, AuditEvents.Applied, "operator:tester", "revision 1", "revision 2\n+ a diff");
        await audit.AppendAsync(plan.Identity, AuditEvents.Rejected, "operator:tester", "p-2: GET https://evil.test/", $"no; diff {Hash}");
        await audit.AppendAsync(plan.Identity, AuditEvents.Approved, "operator:tester", "p-3: demo", $"granted, diff {Hash}");
        await audit.AppendAsync(plan.Identity, AuditEvents.Failed, "operator:tester", $"revision 3, diff {Hash}", "revision 2 stays: pipelock said no");
        new RunRecords(home, TimeProvider.System).CopyRequests(state);
        await new ReceiptWriter(home, new DockerEngine(runner), TimeProvider.System).WriteAsync(state, exit, gap);
    }

    private Receipt Read() => ReceiptCheck.Read(Kept("receipt.json"), () => ViewErrors.NoReceipt("x", false)).Receipt;

    private ReceiptReport Check() => ReceiptCheck.Run(Kept("receipt.json"), AuditLog.HomeFile(home), () => ViewErrors.NoReceipt("x", false));

    private static string Repository()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here!.FullName, "bottle.cake"))) here = here.Parent;
        return here.FullName;
    }
}
