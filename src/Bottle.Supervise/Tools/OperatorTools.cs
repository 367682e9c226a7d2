using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Supervise.Egress;
using Bottle.Supervise.Hosting;
using Bottle.Supervise.Queue;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tools;

/// <summary>The tools that ask a person: from arguments to a question, from an answer to what the model reads.</summary>
internal sealed class OperatorTools(ProposalQueue queue, EgressClient egress, ServerLog log)
{
    /// <summary>Asks, waits and answers.</summary>
    /// <exception cref="ToolInputException">The arguments make no question.</exception>
    /// <exception cref="QueueException">The question cannot be asked now.</exception>
    public async Task<CallToolResult> AskAsync(
        ProposalTool tool, IDictionary<string, JsonElement>? values, WaitReport report, Delivery delivery, CancellationToken cancellationToken)
    {
        var (question, reason) = Read(tool, values);
        if (!queue.IsOpen(question) && await AnswerAtOnceAsync(question, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known.ToResult();
        }
        var open = queue.Join(question, reason);
        try
        {
            var answer = await queue.WaitAsync(open, (decision, elapsed) => report.SendAsync(open.Proposal.Id, decision, elapsed, cancellationToken), cancellationToken).ConfigureAwait(false);
            var result = await DescribeAsync(question, answer, cancellationToken).ConfigureAwait(false);
            delivery.Then(() =>
            {
                log.Write($"{answer.Id} answered: {answer.Decision.Name()}");
                queue.Consume(open);
            });
            return result.ToResult();
        }
        finally
        {
            queue.Leave(open);
        }
    }

    private static (ProposedQuestion Question, string Reason) Read(ProposalTool tool, IDictionary<string, JsonElement>? values)
    {
        var subject = tool == ProposalTool.CapabilityBlock ? "steps" : "url";
        var arguments = new ToolArguments(values, tool == ProposalTool.EgressBlock ? [subject, "method", "reason"] : [subject, "reason"]);
        var reason = arguments.Text("reason", ProposalLimits.Reason).Trim();
        try
        {
            return (tool switch
            {
                ProposalTool.EgressBlock => ProposedQuestion.ForRoute((arguments.Optional("method", ProposalLimits.Url) ?? "GET").ToUpperInvariant(), arguments.Text("url", ProposalLimits.Url)),
                ProposalTool.PipelockBlock => ProposedQuestion.ForInspection(arguments.Text("url", ProposalLimits.Url)),
                _ => ProposedQuestion.ForSteps(arguments.Texts("steps")),
            }, reason);
        }
        catch (FormatException e)
        {
            throw new ToolInputException($"This cannot be asked for: {e.Message}.");
        }
    }

    /// <summary>The answer that needs no person; null when one must be asked.</summary>
    private async Task<ToolAnswer?> AnswerAtOnceAsync(ProposedQuestion question, CancellationToken cancellationToken)
    {
        if (question is { Tool: ProposalTool.PipelockBlock, Request: { } uninspected })
        {
            var route = (await egress.ListAsync(cancellationToken).ConfigureAwait(false)).RouteFor(uninspected.Url)
                ?? throw new ToolInputException("No route allows this host and port yet, so nothing of it is inspected; ask for the route first with egress-block.");
            return route.Inspect == false ? new ToolAnswer("already_allowed", null, null, route, null, "Bodies to this host are not inspected. Retry the request; if it still fails, the cause is another one: read its answer.") : null;
        }
        if (question is not { Tool: ProposalTool.EgressBlock, Request: { Method: { } method } request })
        {
            return null;
        }
        try
        {
            var live = await egress.ExplainAsync(method, request.Url, cancellationToken).ConfigureAwait(false);
            return live.IsAllowed
                ? new ToolAnswer("already_allowed", null, null, live.Route, null, $"A route allows {method} {request.Url} already. Retry it now; if it still fails, egress did not refuse it: read the answer, and see pipelock-block when it speaks of inspection.")
                : null;
        }
        catch (EgressException)
        {
            // The operator can decide without knowing the table.
            return null;
        }
    }

    private async Task<ToolAnswer> DescribeAsync(ProposedQuestion question, Answer answer, CancellationToken cancellationToken)
    {
        var granted = answer.Decision == AnswerDecision.Applied ? await GrantedAsync(question, answer, cancellationToken).ConfigureAwait(false) : null;
        return new ToolAnswer(answer.Decision.Name(), answer.Id, answer.Reason, granted, answer.Decision == AnswerDecision.Applied ? answer.Lease : null, NextStep.For(question, answer, granted));
    }

    /// <summary>The route in force for the request, asked of egress itself, because the operator may have changed what was asked for.</summary>
    private async Task<LiveRoute?> GrantedAsync(ProposedQuestion question, Answer answer, CancellationToken cancellationToken)
    {
        if (question is not { NarrowRoute: { } asked, Request: { Method: { } method } request })
        {
            return null;
        }
        try
        {
            var live = await egress.ExplainAsync(method, request.Url, cancellationToken).ConfigureAwait(false);
            return live.IsAllowed ? live.Route : null;
        }
        catch (EgressException)
        {
            return answer.Changed ? null : new LiveRoute(asked.Host, asked.Ports, asked.Methods, asked.PathAllowlist, asked.Inspect);
        }
    }
}
