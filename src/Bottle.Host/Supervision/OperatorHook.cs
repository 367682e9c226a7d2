using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;

namespace Bottle.Host.Supervision;

/// <summary>
/// The operator's <c>on_proposal</c> (SPEC J5): a command that is run when somebody has to look at a bottle, for a bounded time. What happened is JSON on its standard input; its environment has one word more,
/// <see cref="EventVariable"/>, and nothing of an agent's stands there or in its arguments.
/// </summary>
public sealed class OperatorHook(ICommandRunner runner, IReadOnlyList<string> command)
{
    /// <summary>The variable that says what happened: <c>proposal</c>, <c>budget-warning</c> or <c>budget-spent</c>.</summary>
    public const string EventVariable = "BOTTLE_EVENT";

    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(10);

    /// <summary>Whether there is such a command.</summary>
    public bool IsThere => command.Count > 0;

    /// <summary>Runs it, where there is one; what went wrong, in one line, or null.</summary>
    public async Task<string?> TellAsync(string @event, string document, CancellationToken cancellationToken)
    {
        if (!IsThere)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MayTake);
        try
        {
            var result = await runner.RunAsync(new Command(command[0], [.. command.Skip(1)])
            {
                StandardInput = Encoding.UTF8.GetBytes(document + "\n"),
                Environment = new Dictionary<string, string?> { [EventVariable] = @event },
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
