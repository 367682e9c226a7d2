using System.Text;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OperatorDeskTests : IDisposable
{
    private const string Id = "egress-block-1";
    private readonly FakeBottle bottle = ApplyTests.Bottle();

    private string Identity => bottle.Plan.Identity;

    public void Dispose() => bottle.Dispose();

    [Test]
    public async Task A_question_is_listed_with_what_approving_would_do_and_the_lines_to_type()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x?y=1"), "the list \e[31m of\u202e names");
        var bottles = await bottle.Desk.ListAsync();
        var text = ProposalText.Render(bottles);
        Assert.That(text, Does.Contain($"{Identity}  {Id}  egress-block").And.Contain("GET https://new.example.com/v1/x?y=1").And.Contain("+  - host: \"new.example.com\"").And.Contain("+  - \"new.example.com\""));
        Assert.That(text, Does.Contain("HEAD as well as GET."));
        Assert.That(text, Does.Match($"--target=Approve --bottle={Identity} --proposal={Id} --diff=[0-9a-f]{{12}}\n").And.Contain($"--target=Reject --bottle={Identity} --proposal={Id} --reason="));
        Assert.That(text, Does.Not.Contain('\e').And.Not.Contain('\u202e'));
        var json = ProposalsJson.Render(bottles);
        Assert.That(json.Where(c => c is not '\n' and (< ' ' or > '~')), Is.Empty);
        Assert.That(System.Text.Json.JsonElement.Parse(json).GetProperty("bottles")[0].GetProperty("proposals")[0].GetProperty("diff_short").GetString(), Is.EqualTo(bottles[0].Proposals[0].Change!.ShortHash));
    }

    [Test]
    public async Task Words_that_a_terminal_would_wrap_cannot_pass_for_lines_of_Bottles_own()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/"), "needed".PadRight(64) + "  also allows nothing else".PadRight(80) + new string('漢', 90) + string.Concat(Enumerable.Repeat("😀", 50)));
        bottle.Ask("capability-block-1", ProposedQuestion.ForSteps(["RUN true".PadRight(66) + "  also allows nothing else".PadRight(80) + "# end"]));
        var lines = ProposalText.Render(await bottle.Desk.ListAsync()).Split('\n');
        var words = lines.Where(line => line.Contains('“') || line.Contains("RUN") || line.Contains("nothing else") || line.Contains("# end")).ToList();
        Assert.That(words.Select(line => line.EnumerateRunes().Sum(rune => rune.IsAscii || rune.Value is '“' or '”' ? 1 : 2)), Has.All.LessThanOrEqualTo(80));
        var said = string.Concat(words.Where(line => line.Contains('“')).Select(line => line[(line.IndexOf('“') + 1)..^1]));
        Assert.That(said, Does.Contain(string.Concat(Enumerable.Repeat("😀", 50))), "nothing is lost");
        Assert.That(lines.Where(line => line.StartsWith("  also allows", StringComparison.Ordinal)), Has.None.Contains("nothing else"));
    }

    [Test]
    public async Task Who_is_asked_for_bodies_that_nobody_reads_hears_that_it_is_the_whole_host()
    {
        var host = bottle.Live.Routes.First(route => route.Inspect).Host.Replace("*.", "a.", StringComparison.Ordinal);
        bottle.Ask("pipelock-block-1", ProposedQuestion.ForInspection($"https://{host}/only/this"));
        Assert.That((await bottle.Desk.ListAsync())[0].Proposals[0].AlsoAllows, Has.Some.Contains($"Every body to {host}"));
        Assert.That((await bottle.Desk.PrepareAsync(Identity, "pipelock-block-1")).AlsoAllows, Has.Some.Contains($"Every body to {host}"));
    }

    [Test]
    public async Task What_was_shown_is_applied_and_the_agent_gets_its_answer()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var listed = (await bottle.Desk.ListAsync())[0].Proposals[0].Change!;
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        Assert.That(decision.ShortHash, Is.EqualTo(listed.ShortHash));
        await bottle.Desk.ApproveAsync(decision);
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
        Assert.That(bottle.Live.Routes.Select(r => r.Host), Does.Contain("new.example.com"));
        Assert.That(bottle.Live.Routes.Single(r => r.Host == "new.example.com").Source, Is.EqualTo($"proposal {Id}"));
        Assert.That(bottle.AnswerTo(Id), Is.EqualTo(new Answer { V = 1, Id = Id, Decision = AnswerDecision.Applied, DiffSha256 = decision.Shown.DiffSha256 }));
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { "proposed", "approved", "applied" }));
    }

    [Test]
    public async Task A_lease_is_in_the_table_and_the_listed_hash_still_names_the_diff()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var listed = (await bottle.Desk.ListAsync())[0].Proposals[0].Change!;
        var decision = await bottle.Desk.PrepareAsync(Identity, Id, LeaseTerm.Parse("3x", out _));
        Assert.That(decision.ShortHash, Is.EqualTo(listed.ShortHash));
        Assert.That(decision.Shown.Diff, Does.Contain("uses: 3"));
        Assert.That(decision.AlsoAllows, Has.Some.EqualTo("3 times at most.").And.None.Contains("until the run ends"));
        var text = ProposalText.Render(new ProposalView { Identity = Identity, Proposal = decision.Proposal, Age = TimeSpan.Zero, Change = decision.Shown, Hash = decision.ShortHash });
        Assert.That(text, Does.Contain($"{listed.ShortHash}, revision").And.Not.Contain(decision.Shown.ShortHash), "one name for one diff, before and after the lease is said");
        await bottle.Desk.ApproveAsync(decision);
        Assert.That(bottle.Live.Routes.Single(r => r.Host == "new.example.com").Lease, Is.EqualTo(new RouteLease { Id = Id, Uses = 3 }));
        Assert.That(bottle.AnswerTo(Id)?.Lease, Is.EqualTo("3x"));
    }

    [Test]
    public async Task What_the_operator_wrote_instead_is_applied_and_the_agent_is_told()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id, instead: ApplyTests.Route("new.example.com", "/v1/*"));
        await bottle.Desk.ApproveAsync(decision);
        Assert.That(bottle.Live.Routes.Single(r => r.Host == "new.example.com").PathAllowlist, Is.EqualTo(new[] { "/v1/*" }));
        Assert.That(bottle.AnswerTo(Id), Has.Property("Changed").True.And.Property("Reason").Contain("/v1/*"));
    }

    [Test]
    public async Task A_table_that_changed_since_the_look_refuses_the_approval()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        bottle.Ask("egress-block-2", ProposedQuestion.ForRoute("GET", "https://other.example.com/"));
        await bottle.Desk.ApproveAsync(await bottle.Desk.PrepareAsync(Identity, "egress-block-2"));
        Assert.That(await CodeOf(bottle.Desk.ApproveAsync(decision)), Is.EqualTo("BTL7103"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
        Assert.That(bottle.AnswerTo(Id), Is.Null);
    }

    [Test]
    public async Task A_question_that_changed_since_the_look_refuses_the_approval()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/y"));
        Assert.That(await CodeOf(bottle.Desk.ApproveAsync(decision)), Is.EqualTo("BTL7113"));
    }

    [Test]
    public async Task Of_two_approvals_at_once_one_counts()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CodeOf(bottle.Desk.ApproveAsync(decision)))));
        Assert.That(codes, Is.EquivalentTo(new[] { null, "BTL7102", "BTL7102", "BTL7102" }));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { "proposed", "approved", "applied" }));
    }

    [Test]
    public async Task After_a_rejection_nothing_can_be_approved()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        await bottle.Desk.RejectAsync(Identity, Id, "use the mirror\e[31m");
        Assert.That(bottle.AnswerTo(Id), Has.Property("Decision").EqualTo(AnswerDecision.Rejected).And.Property("Reason").EqualTo("use the mirror␛[31m"));
        Assert.That(await CodeOf(bottle.Desk.ApproveAsync(decision)), Is.EqualTo("BTL7102"));
        Assert.That(await CodeOf(bottle.Desk.RejectAsync(Identity, Id, "again")), Is.EqualTo("BTL7102"));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 2 }));
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { "proposed", "rejected" }));
    }

    [Test]
    public async Task What_was_withdrawn_cannot_be_approved_and_its_answer_is_taken_away()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var decision = await bottle.Desk.PrepareAsync(Identity, Id);
        await bottle.Desk.RejectAsync(Identity, Id, "no");
        File.Delete(bottle.State[$"{StateLayout.SuperviseProposals}/{Id}.json"]);
        Assert.That(await bottle.Desk.ListAsync(), Has.One.Property("Proposals").Empty);
        Assert.That(Directory.GetFiles(bottle.State[StateLayout.SuperviseAnswers]), Is.Empty);
        Assert.That(await CodeOf(bottle.Desk.ApproveAsync(decision)), Is.EqualTo("BTL7101"));
    }

    [Test]
    public async Task Bodies_are_not_inspected_any_more_when_that_is_granted_and_the_operator_is_told_what_it_takes()
    {
        bottle.Ask("pipelock-block-1", ProposedQuestion.ForInspection("https://kept.example.com/v1/big"));
        Assert.That(ProposalText.Render(await bottle.Desk.ListAsync()), Does.Contain("is replaced").And.Contain("-    inspect: true").And.Contain("+    inspect: false"));
        Assert.That(await CodeOf(bottle.Desk.PrepareAsync(Identity, "pipelock-block-1", LeaseTerm.Parse("3x", out _))), Is.EqualTo("BTL7104"));
        var outcome = await bottle.Desk.ApproveAsync(await bottle.Desk.PrepareAsync(Identity, "pipelock-block-1"));
        Assert.That(outcome.Change.Pipelock, Is.EqualTo(PipelockChange.Replace));
        Assert.That(bottle.Revisions(), Is.EquivalentTo(new[] { 3 }));
    }

    [Test]
    public async Task A_capability_is_listed_with_the_hash_of_its_steps_and_is_approved_as_no_route_is()
    {
        bottle.Ask("capability-block-1", ProposedQuestion.ForSteps(["RUN apt-get install -y jq"]));
        Assert.That(ProposalText.Render(await bottle.Desk.ListAsync()), Does.Contain("RUN apt-get install -y jq").And.Match("--target=Approve --bottle=.* --proposal=capability-block-1 --diff=[0-9a-f]{12}\n"));
        Assert.That(await CodeOf(bottle.Desk.PrepareAsync(Identity, "capability-block-1")), Is.EqualTo("BTL7105"));
        await bottle.Desk.RejectAsync(Identity, "capability-block-1", "later");
    }

    [Test]
    public async Task Steps_that_the_operators_side_refuses_are_listed_with_the_reason_and_without_a_way_to_approve_them()
    {
        // The first reader takes it: no line break, RUN, no option.
        bottle.Ask("capability-block-1", ProposedQuestion.ForSteps(["RUN echo \u202egnihtemos"]));
        Assert.That(ProposalText.Render(await bottle.Desk.ListAsync()), Does.Contain("BTL7401").And.Not.Contain("--target=Approve"));
    }

    [Test]
    public async Task What_is_allowed_already_is_listed_with_the_reason_and_cannot_be_approved()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://kept.example.com/v1/x"));
        Assert.That(ProposalText.Render(await bottle.Desk.ListAsync()), Does.Contain("BTL2053").And.Not.Contain("--target=Approve"));
        Assert.That(await CodeOf(bottle.Desk.PrepareAsync(Identity, Id)), Is.EqualTo("BTL2053"));
    }

    [Test]
    public async Task A_table_by_hand_is_shown_and_applied()
    {
        var table = await bottle.Desk.TableAsync(Identity);
        var text = RouteEditor.Text(table, "the table").Replace("/v1/*", "/v3/*", StringComparison.Ordinal);
        var routes = RouteEditor.Read(text, table);
        var shown = await bottle.Desk.PrepareTableAsync(Identity, routes);
        await bottle.Desk.ApplyTableAsync(Identity, routes, shown);
        Assert.That(bottle.Live.Routes.SelectMany(r => r.PathAllowlist!), Does.Contain("/v3/*"));
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { "edited", "applied" }));
        var mistakes = Assert.Throws<BottleException>(() => RouteEditor.Read("version: 1\ngeneration: 2\nroutes: [{hots: x}]\n", table))!.Diagnostics;
        Assert.That(mistakes.Select(m => m.Message), Has.Some.Contains("3:"));
    }

    [Test]
    public async Task A_hostile_queue_is_read_safely_and_shown_as_such()
    {
        var folder = bottle.State[StateLayout.SuperviseProposals];
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.json"), "/etc/passwd");
        Directory.CreateDirectory(Path.Combine(folder, "folder.json"));
        File.WriteAllText(Path.Combine(folder, "huge.json"), new string('x', 1_000_000));
        File.WriteAllText(Path.Combine(folder, "\e[31m.json"), "{}");
        File.WriteAllText(Path.Combine(folder, "other.json"), File.ReadAllText(Path.Combine(folder, $"{Id}.json")));
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "");
        using (var fifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(folder, "pipe.json")])) await fifo!.WaitForExitAsync();
        var text = ProposalText.Render(await bottle.Desk.ListAsync());
        Assert.That(text, Does.Contain(Id).And.Contain("link.json").And.Contain("not a regular file").And.Contain("larger than 64 KiB").And.Contain("says that it is another one").And.Not.Contain('\e').And.Not.Contain("root:"));
        foreach (var i in Enumerable.Range(0, 200)) File.WriteAllText(Path.Combine(folder, $"flood-{i}.json"), "{}");
        Assert.That((await bottle.Desk.ListAsync()).Single().IsCutOff);
        Assert.That(await CodeOf(bottle.Desk.PrepareAsync(Identity, "link")), Is.EqualTo("BTL7101"));
    }

    private static async Task<string?> CodeOf(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (BottleException e)
        {
            return e.Diagnostics[0].Code;
        }
    }
}
