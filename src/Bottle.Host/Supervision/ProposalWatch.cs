using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Host.Apply;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>
/// Runs the operator's <c>on_proposal</c> once for each new proposal (SPEC J5): the proposal as JSON on standard input, nothing of the agent's in arguments or environment, for a bounded time.
/// A bottle that asks faster than a person could read waits: so many a minute, and what is gone by then is not told.
/// </summary>
public sealed class ProposalWatch(OperatorDesk desk, StateDirectory state, ICommandRunner runner, IReadOnlyList<string> command, TimeProvider time)
{
    private const int MostAMinute = 30;
    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> told = new();

    /// <summary>One round; returns what went wrong, one line each. The run goes on whatever the command does.</summary>
    public async Task<IReadOnlyList<string>> TendAsync(CancellationToken cancellationToken)
    {
        if (command.Count == 0)
            return [];
        var open = new ProposalFolder(state, null).Read().Proposals.Select(proposal => proposal.Id).ToHashSet(StringComparer.Ordinal);
        // Ids are never used twice: what is gone needs no memory.
        known.IntersectWith(open);
        if (open.All(known.Contains) || !MayTell())
            return [];
        var problems = new List<string>();
        foreach (var view in (await desk.LookAsync(state, cancellationToken).ConfigureAwait(false)).Proposals.Where(view => view.Answer is null && !known.Contains(view.Proposal.Id)))
        {
            if (!MayTell())
                break;
            known.Add(view.Proposal.Id);
            told.Enqueue(time.GetUtcNow());
            if (await NotifyAsync(view, cancellationToken).ConfigureAwait(false) is { } problem)
                problems.Add($"on_proposal for {view.Proposal.Id}: {problem}");
        }
        return problems;
    }

    private bool MayTell()
    {
        while (told.TryPeek(out var first) && time.GetUtcNow() - first >= TimeSpan.FromMinutes(1))
            told.Dequeue();
        return told.Count < MostAMinute;
    }

    private async Task<string?> NotifyAsync(ProposalView view, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MayTake);
        try
        {
            var result = await runner.RunAsync(new Command(command[0], [.. command.Skip(1)])
            {
                StandardInput = Encoding.UTF8.GetBytes(ProposalsJson.Render(view) + "\n"),
                OutputLimit = 4096,
                Grace = TimeSpan.FromSeconds(1),
            }, limit.Token).ConfigureAwait(false);
            return result.Succeeded ? null : $"exit code {result.ExitCode}{string.Concat(result.LastLines(1).Select(line => $": {InertText.Excerpt(line, 200)}"))}";
        }
        catch (BottleException e)
        {
            return e.Diagnostics[0].Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not end within {MayTake.TotalSeconds:0} s";
        }
    }
}
