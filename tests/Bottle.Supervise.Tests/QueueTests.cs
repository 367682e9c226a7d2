using System.Globalization;
using Bottle.Contracts.Supervision;
using Bottle.Supervise.Hosting;
using Bottle.Supervise.Queue;

namespace Bottle.Supervise.Tests;

/// <summary>Questions on disk: asked once, answered once, and there again after a restart.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QueueTests : IDisposable
{
    private static readonly ProposedQuestion Question = Ask("a");

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _log = new();
    private readonly ManualClock _clock = new();
    private readonly QueueSide _operator;

    public QueueTests() => _operator = new QueueSide(_folder.Path);

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Test]
    public void The_same_question_is_one_proposal()
    {
        var queue = Open();
        var first = queue.Join(Question, "because");
        Assert.That(queue.Join(Ask("a?x=1"), "another reason"), Is.SameAs(first));
        Assert.That(queue.Join(Ask("b"), "because"), Is.Not.SameAs(first));
        Assert.That(_operator.Open.Select(proposal => proposal.Reason), Is.EqualTo(new[] { "because", "because" }));
        Assert.That(_operator.Open[0].Id, Does.Match("^egress-block-[a-z0-9]{8}$"));
        Assert.That(File.GetUnixFileMode(Path.Combine(_operator.Proposals, first.Proposal.Id + ".json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_question_goes_on_after_a_restart_under_its_old_name()
    {
        var before = Open().Join(Question, "because").Proposal;
        var queue = Open();
        Assert.That((queue.Count, queue.IsOpen(Question), queue.Join(Question, "again").Proposal.Id), Is.EqualTo((1, true, before.Id)));
    }

    [Test]
    public async Task An_answer_that_nobody_fetched_is_there_for_the_next_one_who_asks()
    {
        var proposal = Open().Join(Question, "because").Proposal;
        _operator.Answer(proposal, AnswerDecision.Rejected, "no");
        var queue = Open();
        var answer = await queue.WaitAsync(queue.Join(Question, "again"), Silent, CancellationToken.None);
        Assert.That((answer.Id, answer.Decision, answer.Reason), Is.EqualTo((proposal.Id, AnswerDecision.Rejected, "no")));
    }

    [Test]
    public void A_consumed_answer_is_over_and_the_question_is_new()
    {
        var queue = Open();
        var first = queue.Join(Question, "because");
        queue.Consume(first);
        Assert.That((_operator.Open.Count, queue.Count), Is.EqualTo((0, 0)));
        var second = queue.Join(Question, "because");
        Assert.That(second.Proposal.Id, Is.Not.EqualTo(first.Proposal.Id));
        queue.Consume(first);
        Assert.That(queue.IsOpen(Question), Is.True, "a late consumer of the first does not end the second");
    }

    [Test]
    public async Task Everyone_who_waits_hears_an_answer_even_when_its_file_is_gone_by_then()
    {
        var queue = Open();
        var (one, other) = (queue.Join(Question, "because"), queue.Join(Question, "because"));
        var slow = queue.WaitAsync(other, Silent, CancellationToken.None);
        _operator.Answer(one.Proposal, AnswerDecision.Applied);
        Assert.That((await queue.WaitAsync(one, Silent, CancellationToken.None)).Decision, Is.EqualTo(AnswerDecision.Applied));
        queue.Consume(one);
        File.Delete(Path.Combine(_operator.Answers, one.Proposal.Id + ".json"));
        Assert.That(slow.IsCompleted, Is.False, "the clock has stood still since it looked");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await Eventually.EndsAsync(slow)).Decision, Is.EqualTo(AnswerDecision.Applied));
    }

    [Test]
    public async Task A_call_that_waits_reports_at_once_then_every_fifteen_seconds_and_at_every_change()
    {
        var queue = Open();
        var open = queue.Join(Question, "because");
        var reports = new List<(AnswerDecision?, int)>();
        var waiting = queue.WaitAsync(open, (decision, elapsed) =>
        {
            reports.Add((decision, (int)elapsed.TotalSeconds));
            return Task.CompletedTask;
        }, CancellationToken.None);
        Assert.That(reports, Is.EqualTo(new[] { ((AnswerDecision?)null, 0) }));
        await PassAsync(waiting, 32);
        _operator.Answer(open.Proposal, AnswerDecision.ApprovedWithChanges);
        await PassAsync(waiting, 16);
        _operator.Answer(open.Proposal, AnswerDecision.Applied);
        await PassAsync(waiting, 1);
        Assert.That((await Eventually.EndsAsync(waiting)).Decision, Is.EqualTo(AnswerDecision.Applied));
        Assert.That(reports, Is.EqualTo(new (AnswerDecision?, int)[] { (null, 0), (null, 15), (null, 30), (AnswerDecision.ApprovedWithChanges, 33), (AnswerDecision.ApprovedWithChanges, 48) }));
    }

    [Test]
    public async Task A_caller_who_goes_away_leaves_the_question_open()
    {
        var queue = Open();
        var open = queue.Join(Question, "because");
        using var gone = new CancellationTokenSource();
        var waiting = queue.WaitAsync(open, Silent, gone.Token);
        await gone.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        queue.Leave(open);
        Assert.That((_operator.Open.Single().Id, queue.Join(Question, "again")), Is.EqualTo((open.Proposal.Id, open)));
    }

    [Test]
    public void Beyond_the_limit_a_question_is_refused_and_nothing_is_written()
    {
        var queue = Open();
        for (var i = 0; i < ProposalLimits.Open; i++)
        {
            queue.Leave(queue.Join(Ask(i.ToString(CultureInfo.InvariantCulture)), "because"));
        }
        Assert.That(() => queue.Join(Question, "because"), Throws.TypeOf<QueueException>().With.Message.StartsWith("32 proposals are open already"));
        Assert.That(queue.Join(Ask("7"), "because"), Is.Not.Null, "an open one can always be joined");
        Assert.That(_operator.Open, Has.Count.EqualTo(ProposalLimits.Open));
    }

    [Test]
    public void Answers_that_nobody_came_back_for_make_room()
    {
        var queue = Open();
        var asked = Enumerable.Range(0, ProposalLimits.Open).Select(i => queue.Join(Ask(i.ToString(CultureInfo.InvariantCulture)), "because")).ToArray();
        _operator.Answer(asked[3].Proposal, AnswerDecision.Rejected);
        _operator.Answer(asked[4].Proposal, AnswerDecision.Approved);
        Assert.That(() => queue.Join(Question, "because"), Throws.TypeOf<QueueException>(), "somebody waits for that answer");
        queue.Leave(asked[3]);
        queue.Leave(asked[4]);
        Assert.That(queue.Join(Question, "because").Proposal.Id, Is.Not.EqualTo(asked[3].Proposal.Id));
        Assert.That(_operator.Open.Select(proposal => proposal.Id), Has.No.Member(asked[3].Proposal.Id).And.Member(asked[4].Proposal.Id), "one that is being applied stays");
        Assert.That(() => queue.Join(Ask("z"), "because"), Throws.TypeOf<QueueException>());
    }

    [Test]
    public void What_a_killed_sidecar_left_half_written_is_removed()
    {
        var whole = Open().Join(Question, "because").Proposal;
        var text = File.ReadAllText(Path.Combine(_operator.Proposals, whole.Id + ".json"));
        File.WriteAllText(Path.Combine(_operator.Proposals, ".egress-block-x.half"), text[..100]);
        File.WriteAllText(Path.Combine(_operator.Proposals, ".egress-block-y.half"), text);
        File.WriteAllText(Path.Combine(_operator.Proposals, "other.json"), text);
        File.WriteAllText(Path.Combine(_operator.Proposals, "empty.json"), "");
        Assert.That(Open().Count, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(_operator.Proposals).Select(Path.GetFileName), Is.EqualTo(new[] { whole.Id + ".json" }));
    }

    [Test]
    public async Task What_is_no_answer_is_ignored_told_once_and_may_be_mended()
    {
        var queue = Open();
        var open = queue.Join(Question, "because");
        var file = Path.Combine(_operator.Answers, open.Proposal.Id + ".json");
        var waiting = queue.WaitAsync(open, Silent, CancellationToken.None);
        var good = AnswerFormat.Write(new Answer { V = 1, Id = open.Proposal.Id, Decision = AnswerDecision.Rejected });
        File.WriteAllText(Path.Combine(_folder.Path, "elsewhere"), good);
        foreach (var make in new Action[]
        {
            () => File.WriteAllText(file, ""),
            () => File.WriteAllText(file, good[..^10]),
            () => File.WriteAllText(file, good.Replace(open.Proposal.Id, "another", StringComparison.Ordinal)),
            () => File.WriteAllBytes(file, [0xff, 0xfe]),
            () => File.WriteAllText(file, new string(' ', ProposalLimits.FileBytes) + good),
            () => File.CreateSymbolicLink(file, Path.Combine(_folder.Path, "elsewhere")),
            () => File.CreateSymbolicLink(file, "/dev/zero"),
            () => File.CreateSymbolicLink(file, "nowhere"),
            () => Directory.CreateDirectory(file),
            () => QueueSide.MakePipe(file),
        })
        {
            make();
            await PassAsync(waiting, 1);
            Assert.That(waiting.IsCompleted, Is.False);
            if (Directory.Exists(file) && new FileInfo(file).LinkTarget is null)
            {
                Directory.Delete(file);
            }
            File.Delete(file);
        }
        _operator.WriteAnswer(open.Proposal.Id, good);
        await PassAsync(waiting, 1);
        Assert.That((await Eventually.EndsAsync(waiting)).Decision, Is.EqualTo(AnswerDecision.Rejected));
        var told = _log.ToString().Split('\n').Where(line => line.Contains("is ignored", StringComparison.Ordinal)).ToArray();
        Assert.That(told, Has.Length.InRange(4, 9), "each kind once, not at every look");
    }

    [Test]
    public void A_queue_without_its_folders_does_not_start()
    {
        Directory.Delete(_operator.Answers);
        Assert.That(Open, Throws.TypeOf<IOException>().With.Message.EqualTo($"the folder {_operator.Answers} is missing"));
    }

    [Test]
    public void A_proposal_that_cannot_be_written_is_said_and_not_held()
    {
        var queue = Open();
        Directory.Delete(_operator.Proposals);
        Assert.That(() => queue.Join(Question, "because"), Throws.TypeOf<QueueException>().With.Message.Contains("cannot be written at the moment"));
        Assert.That(queue.Count, Is.Zero);
        Directory.CreateDirectory(_operator.Proposals);
        Assert.That(queue.Join(Question, "because"), Is.Not.Null);
    }

    [Test]
    public void A_proposal_beyond_the_size_of_a_file_is_refused()
    {
        var steps = Enumerable.Repeat("RUN " + new string('\u00fc', 1900), ProposalLimits.Steps).ToArray();
        Assert.That(() => Open().Join(ProposedQuestion.ForSteps(steps), "because"), Throws.TypeOf<QueueException>().With.Message.Contains("larger than 64 KiB"));
        Assert.That(Directory.GetFiles(_operator.Proposals), Is.Empty);
    }

    [Test]
    public void Many_callers_at_once_make_one_proposal_a_question()
    {
        var queue = Open();
        Parallel.For(0, 64, i => queue.Join(Ask((i % 4).ToString(CultureInfo.InvariantCulture)), "because"));
        Assert.That((_operator.Open.Count, queue.Count), Is.EqualTo((4, 4)));
    }

    private static ProposedQuestion Ask(string path) => ProposedQuestion.ForRoute("GET", "https://api.example.com/" + path);

    private static Task Silent(AnswerDecision? decision, TimeSpan elapsed) => Task.CompletedTask;

    private ProposalQueue Open() => new(new SuperviseSettings { Queue = _folder.Path, Poll = TimeSpan.FromSeconds(1) }, _clock, new ServerLog(_log, _clock));

    /// <summary>Lets so many seconds pass; a call that waits looks once in each.</summary>
    private async Task PassAsync(Task waiting, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync(() => _clock.Waiting > 0 || waiting.IsCompleted, () => "nobody waits");
        }
    }
}
