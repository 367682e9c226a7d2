using Bottle.Contracts.Audit;
using Bottle.Contracts.Supervision;
using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.Processes;
using Bottle.Host.Sessions;
using Bottle.Host.State;

namespace Bottle.Host.Capability;

/// <summary>What an operator has been shown of a capability proposal; nothing of it done.</summary>
/// <param name="Identity">The run.</param>
/// <param name="Proposal">The question.</param>
/// <param name="Request">Its steps, parsed.</param>
/// <param name="Text">What is shown: steps, packages, where they run.</param>
/// <param name="ShortHash">12 hex digits by which a person names the steps.</param>
public sealed record CapabilityDecision(string Identity, Proposal Proposal, CapabilityRequest Request, string Text, string ShortHash)
{
    /// <summary>What a person reads before saying yes: the steps, in the agent's words why, and the hash.</summary>
    public string Shown => $"{Text}The agent says: {InertText.Excerpt(Proposal.Reason, 1000)}\nsteps {ShortHash}";
}

/// <summary>The operator's side of capability changes (SPEC K5): shows, runs the approved steps, keeps image and conversation, answers, records, and ends the run. Every door and the dashboard come through here.</summary>
public sealed class CapabilityDesk(ApplyServices services, ICommandRunner runner)
{
    private static readonly TimeSpan DeliveryMayTake = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>How many looks at the conversation in a row must find it unchanged, before it counts as written to its end.</summary>
    private const int QuietLooks = 4;

    /// <summary>What approving would do; null for a proposal of another tool, or none. BTL7401: the steps cannot be run.</summary>
    public async Task<CapabilityDecision?> PrepareAsync(string identity, string proposalId, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        return session.Queue.Find(proposalId) is { Tool: ProposalTool.CapabilityBlock, Steps: { } steps } proposal && session.Queue.FindAnswer(proposalId) is null
            ? Show(services.Home, identity, proposal, steps, session.Plan) : null;
    }

    /// <summary>Shows a proposal's steps. BTL7401 when they cannot be run.</summary>
    public static CapabilityDecision Show(BottleHome home, string identity, Proposal proposal, IReadOnlyList<string> steps, BottlePlan plan)
    {
        var request = CapabilityParser.Parse(steps);
        return new CapabilityDecision(identity, proposal, request, CapabilityText.Ask(request, plan), ApprovalKey.Name(home, identity, ProposalDiff.Of(ProposedQuestion.ForSteps(steps))));
    }

    /// <summary>
    /// Runs what was shown, and keeps what the run goes on with: image, conversation, the mark that keeps the state. When a step fails nothing has changed and the agent is told. Cancelled, nothing has changed
    /// and the question waits on; from the mark on it is too late for that, and only the wait for the agent's last words is cut short.
    /// </summary>
    /// <exception cref="BottleException">BTL7103 the question has changed; BTL7402, BTL7403 a step failed; BTL7405 the conversation cannot be kept.</exception>
    public async Task<ImageChanges> ApproveAsync(CapabilityDecision decision, Action<string> onLine, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, decision.Identity, cancellationToken).ConfigureAwait(false);
        var (id, state, plan) = (decision.Proposal.Id, session.State, session.Plan);
        var proposal = session.Queue.Find(id) ?? throw new BottleException(ApprovalErrors.NoSuchProposal(state.Identity, id));
        if (session.Queue.FindAnswer(id) is { } answered)
            throw new BottleException(ApprovalErrors.AlreadyAnswered(id, answered.Decision.Name()));
        if (ProposalFormat.Write(proposal) != ProposalFormat.Write(decision.Proposal))
            throw new BottleException(ApprovalErrors.QuestionChanged(id));
        var image = RunImage.Next(state);
        await services.Audit.AppendAsync(state.Identity, AuditEvents.Approved, AuditLog.Operator, ProposedChange.Words(proposal), string.Join('\n', decision.Request.Steps.Select(step => step.Line)), cancellationToken).ConfigureAwait(false);
        try
        {
            var changes = await new StepRunner(services.Engine, runner).RunAsync(plan, state, decision.Request, image, onLine, cancellationToken).ConfigureAwait(false);
            var transcript = new Transcript(services.Engine, runner);
            await transcript.SaveAsync(plan, state, cancellationToken).ConfigureAwait(false);
            image.Write(state, StepContainer.Dockerfile(Dockerfile(state), plan, ProposedChange.Words(proposal), decision.Request.Steps));
            state.Preserve($"capability change {id}");
            await services.Audit.AppendAsync(state.Identity, AuditEvents.Applied, AuditLog.Operator, plan.Agent.Image, $"{image.Image}\n{CapabilityText.Tell(changes)}", CancellationToken.None).ConfigureAwait(false);
            Answer(session, decision, AnswerDecision.Applied, null);
            await SettleAsync(session, id, transcript, cancellationToken).ConfigureAwait(false);
            return changes;
        }
        catch (BottleException failed)
        {
            var reason = string.Join("; ", failed.Diagnostics.Select(problem => problem.Message));
            await services.Audit.AppendAsync(state.Identity, AuditEvents.Failed, AuditLog.Operator, ProposedChange.Words(proposal), reason, CancellationToken.None).ConfigureAwait(false);
            Answer(session, decision, AnswerDecision.Failed, InertText.Excerpt(reason, ProposalLimits.AnswerReason / 2));
            throw;
        }
        catch (OperationCanceledException)
        {
            await services.Audit.AppendAsync(state.Identity, AuditEvents.Failed, AuditLog.Operator, ProposedChange.Words(proposal), "given up before the steps were done; the question waits on", CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the run, whose state stays: Resume goes on with its new image. BTL5205 when its owner does not end.</summary>
    public async Task EndAsync(string identity, CancellationToken cancellationToken = default)
    {
        await new RunEnd(services.Home, services.Store).AskAsync(identity, cancellationToken).ConfigureAwait(false);
        // A run that nobody owned is still up.
        await new Reaper(services.Home, services.Store, services.Engine).ReapAsync(identity, removeState: false, cancellationToken: CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The run's own Dockerfile so far; null when it has none.</summary>
    public static string? Dockerfile(StateDirectory state) => RunImage.Read(state) is null ? null : File.ReadAllText(state[StateLayout.RunDockerfile]);

    private static void Answer(ApplySession session, CapabilityDecision decision, AnswerDecision kind, string? reason) =>
        session.Queue.Write(new Answer { V = Contracts.Supervision.Answer.CurrentVersion, Id = decision.Proposal.Id, Decision = kind, Reason = reason, DiffSha256 = decision.Proposal.DiffSha256 });

    // The agent's call returns with the answer, which belongs into the conversation that is kept: first the answer is delivered, then the agent's program writes it down, then what it writes comes to rest. One that
    // goes on writing, or writes nothing, or has ended meanwhile, keeps what was taken last.
    private async Task SettleAsync(ApplySession session, string id, Transcript transcript, CancellationToken cancellationToken)
    {
        var (end, unanswered) = (services.Time.GetUtcNow() + DeliveryMayTake, Kept(session.State));
        try
        {
            for (var quiet = 0; quiet < QuietLooks && services.Time.GetUtcNow() < end; await Task.Delay(Between, services.Time, cancellationToken).ConfigureAwait(false))
            {
                if (session.Queue.Find(id) is not null)
                    continue;
                var before = Kept(session.State);
                await transcript.SaveAsync(session.Plan, session.State, cancellationToken).ConfigureAwait(false);
                quiet = Kept(session.State) is var now && now == before && now != unanswered ? quiet + 1 : 0;
            }
        }
        catch (Exception e) when (e is BottleException or OperationCanceledException)
        {
            // The agent has ended, or the operator leaves.
        }
    }

    private static string? Kept(StateDirectory state) => ContentDigest.OfFile(state[StateLayout.Transcript]);
}
