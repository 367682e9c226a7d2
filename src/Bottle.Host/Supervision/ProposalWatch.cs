using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Host.Apply;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>Runs the operator's <c>on_proposal</c> once for each new proposal (SPEC J5): the proposal as JSON on standard input, nothing of the agent's in arguments or environment, for a bounded time.</summary>
public sealed class ProposalWatch(OperatorDesk desk, StateDirectory state, ICommandRunner runner, IReadOnlyList<string> command)
{
    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(10);

    // A hostile bottle could make new proposals for ever.
    private const int Most = 1000;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>One round; returns what went wrong, one line each. The run goes on whatever the command does.</summary>
    public async Task<IReadOnlyList<string>> TendAsync(CancellationToken cancellationToken)
    {
        if (command.Count == 0 || new ProposalFolder(state, null).Read().Proposals.All(proposal => known.Contains(proposal.Id)))
            return [];
        var problems = new List<string>();
        foreach (var view in (await desk.LookAsync(state, cancellationToken).ConfigureAwait(false)).Proposals.Where(view => view.Answer is null))
        {
            if (known.Count < Most && known.Add(view.Proposal.Id) && await NotifyAsync(view, cancellationToken).ConfigureAwait(false) is { } problem)
                problems.Add($"on_proposal for {view.Proposal.Id}: {problem}");
        }
        return problems;
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
