using System.Collections.Concurrent;
using Bottle.Contracts.Supervision;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tests;

/// <summary>Calls that wait, are cut off and come back, over the wire.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WaitingTests
{
    private static readonly Dictionary<string, object?> Question = new() { ["url"] = "https://api.example.com/x", ["reason"] = "because" };

    [TestCase("2025-06-18")]
    [TestCase("2026-07-28")]
    public async Task A_cut_off_call_leaves_its_question_and_the_next_one_gets_the_answer_once(string version)
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync(version);
        using var cut = new CancellationTokenSource();
        var first = client.CallToolAsync("egress-block", Question, cancellationToken: cut.Token).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        await cut.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        // An answer in the moment of the parting would go to the one who is gone (README).
        await Eventually.HoldsAsync(() => harness.Server.Queue.CountWaiting() == 0, () => "the server has not noticed");
        harness.Operator.Answer(proposal, AnswerDecision.Rejected, "no");

        var second = await Eventually.EndsAsync(client.CallToolAsync("egress-block", Question).AsTask());
        Assert.That(IdOf(second), Is.EqualTo(proposal.Id));
        await harness.Operator.WaitForAsync(0);

        var third = client.CallToolAsync("egress-block", Question).AsTask();
        var asked = await harness.Operator.WaitForOneAsync();
        Assert.That(asked.Id, Is.Not.EqualTo(proposal.Id), "an old answer decides nothing new");
        harness.Operator.Answer(asked, AnswerDecision.Failed);
        Assert.That(IdOf(await Eventually.EndsAsync(third)), Is.EqualTo(asked.Id));
    }

    [Test]
    public async Task Callers_at_once_share_a_question_and_its_answer()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using var client = await harness.ConnectAsync();
        var calls = Enumerable.Range(0, 8).Select(_ => client.CallToolAsync("egress-block", Question).AsTask()).ToArray();
        var proposal = await harness.Operator.WaitForOneAsync();
        await Eventually.HoldsAsync(() => harness.Server.Queue.CountWaiting() == 8, () => "not all wait");
        harness.Operator.Answer(proposal, AnswerDecision.Rejected);
        Assert.That((await Eventually.EndsAsync(Task.WhenAll(calls))).Select(IdOf), Is.All.EqualTo(proposal.Id));
        await harness.Operator.WaitForAsync(0);
    }

    [Test]
    public async Task A_client_that_wants_progress_hears_how_it_stands()
    {
        await using var harness = await SuperviseHarness.StartAsync(change: settings => settings with { KeepAlive = TimeSpan.FromMilliseconds(100) });
        await using var client = await harness.ConnectAsync();
        var heard = new Heard();
        var call = client.CallToolAsync("egress-block", Question, heard).AsTask();
        var proposal = await harness.Operator.WaitForOneAsync();
        await Eventually.HoldsAsync(() => heard.Values.Count >= 2, () => "no progress");
        harness.Operator.Answer(proposal, AnswerDecision.Approved);
        await Eventually.HoldsAsync(() => heard.Values.Any(value => value.Message!.StartsWith("approved; being applied (", StringComparison.Ordinal)), () => "no word of the approval");
        harness.Operator.Answer(proposal, AnswerDecision.Applied);
        await Eventually.EndsAsync(call);
        Assert.That(heard.Values.First().Message, Does.Match($"^waiting for the operator \\([0-9]+ s\\), proposal {proposal.Id}$"));
        Assert.That(heard.Values.Select(value => value.Progress), Is.Ordered.Ascending.And.Unique);
    }

    [Test]
    public async Task An_answer_survives_a_restart_of_the_server()
    {
        await using var harness = await SuperviseHarness.StartAsync();
        await using (var client = await harness.ConnectAsync())
        {
            var call = client.CallToolAsync("egress-block", Question).AsTask();
            var proposal = await harness.Operator.WaitForOneAsync();
            await harness.RestartAsync();
            var told = await Eventually.EndsAsync(call);
            Assert.That(((TextContentBlock)told.Content[0]).Text, Does.StartWith("The sidecar is being stopped."));
            harness.Operator.Answer(proposal, AnswerDecision.Rejected, "no");
        }
        await using var next = await harness.ConnectAsync();
        Assert.That((await Eventually.EndsAsync(next.CallToolAsync("egress-block", Question).AsTask())).StructuredContent!.Value.GetProperty("reason").GetString(), Is.EqualTo("no"));
    }

    private static string? IdOf(CallToolResult result) => result.StructuredContent!.Value.GetProperty("proposal_id").GetString();

    // Progress<T> would post to the thread pool, where values overtake each other.
    private sealed class Heard : IProgress<ProgressNotificationValue>
    {
        public ConcurrentQueue<ProgressNotificationValue> Values { get; } = [];

        public void Report(ProgressNotificationValue value) => Values.Enqueue(value);
    }
}
