using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Audit;
using Bottle.Host.Budgets;
using Bottle.Host.Capability;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Host.Apply;

/// <summary>The operator's side of supervise (SPEC I4, J2): sees what agents ask, approves, rejects, and changes tables by hand. Every door and the dashboard come through here.</summary>
public sealed class OperatorDesk(ApplyServices services)
{
    /// <summary>Who decides, as the audit names it.</summary>
    public string Actor { get; init; } = AuditLog.Operator;

    /// <summary>What the agents of the bottles that run ask, of one bottle when it is named; what killed commands left is finished first.</summary>
    public async Task<IReadOnlyList<BottleProposals>> ListAsync(string? identity = null, CancellationToken cancellationToken = default)
    {
        if (identity is not null && services.Store.Open(identity) is null)
            throw new BottleException(LaunchErrors.NoSuchRun(identity));
        var running = (await services.Engine.RunningAsync(services.Home.Hash, identity, cancellationToken).ConfigureAwait(false)).Where(c => c.Service == "supervise").Select(c => c.Identity).ToHashSet(StringComparer.Ordinal);
        var bottles = new List<BottleProposals>();
        foreach (var state in services.Store.ListIdentities().Where(running.Contains).Select(services.Store.Open).OfType<StateDirectory>())
            bottles.Add(await LookAsync(state, cancellationToken).ConfigureAwait(false));
        return bottles;
    }

    /// <summary>What approving would do, to be shown. BTL7101 and BTL7102 when there is nothing to approve, BTL7105 for what this version cannot apply, BTL2xxx when it cannot be planned.</summary>
    /// <param name="identity">The run.</param>
    /// <param name="proposalId">The question.</param>
    /// <param name="term">How long the grant lasts; null for the run.</param>
    /// <param name="instead">The route that the operator wrote instead; null for the one that is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Decision> PrepareAsync(string identity, string proposalId, LeaseTerm? term = null, Route? instead = null, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        var proposal = Open(session, proposalId);
        if (term is { Text: not "run" } && proposal.Tool != ProposalTool.EgressBlock)
            throw new BottleException(ApprovalErrors.LeaseUnusable(term.Text, "only a route can end by itself"));
        var change = ProposedChange.Of(proposal, instead, term?.At(services.Time.GetUtcNow(), proposalId)) ?? throw new BottleException(ApprovalErrors.CapabilityLater(proposalId));
        var shown = session.Prepare(change);
        await services.Audit.AppendProposedAsync(identity, proposal, cancellationToken).ConfigureAwait(false);
        return new Decision
        {
            Identity = identity,
            Proposal = proposal,
            Change = change,
            Lease = term?.Text,
            Changed = instead is not null,
            Shown = shown,
            ShortHash = term is null ? shown.ShortHash : session.Prepare(ProposedChange.Of(proposal, instead)!).ShortHash,
        };
    }

    /// <summary>Applies what was shown, or refuses when anything changed meanwhile (BTL7103, BTL7113): one proposal has one effect.</summary>
    public async Task<ApplyOutcome> ApproveAsync(Decision decision, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, decision.Identity, cancellationToken).ConfigureAwait(false);
        var proposal = Open(session, decision.Proposal.Id);
        if (ProposalFormat.Write(proposal) != ProposalFormat.Write(decision.Proposal))
            throw new BottleException(ApprovalErrors.QuestionChanged(proposal.Id));
        var change = Same(session.Prepare(decision.Change), decision.Shown);
        var granted = decision.Changed && decision.Change is PolicyChange.Add { Route: var route } ? $"granted instead: {string.Join(", ", RouteText.Lines(route).Trim().TrimStart('-').Split('\n', StringSplitOptions.TrimEntries))}" : null;
        return await session.ApplyAsync(change, new ChangeOrigin
        {
            Event = AuditEvents.Approved,
            Actor = Actor,
            Question = ProposedChange.Words(proposal),
            ProposalId = proposal.Id,
            Lease = decision.Lease,
            Changed = decision.Changed,
            Granted = granted,
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses a question with a reason for the agent.</summary>
    public async Task RejectAsync(string identity, string proposalId, string reason, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        var proposal = Open(session, proposalId);
        // Recorded first: what cannot be recorded is not done.
        await services.Audit.AppendProposedAsync(identity, proposal, cancellationToken).ConfigureAwait(false);
        await services.Audit.AppendAsync(identity, AuditEvents.Rejected, Actor, ProposedChange.Words(proposal), reason, cancellationToken).ConfigureAwait(false);
        session.Queue.Write(new Answer { V = Answer.CurrentVersion, Id = proposalId, Decision = AnswerDecision.Rejected, Reason = InertText.Block(reason) });
    }

    /// <summary>The table in force with its budget, for an editor.</summary>
    public async Task<RoutesFile> TableAsync(string identity, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        var egress = session.Plan.Egress ?? throw new BottleException(ChangeErrors.NothingToChangeHere(identity));
        return new RoutesFile { Generation = session.Plan.Revision, Routes = egress.Routes, Budget = egress.Budget?.Limits };
    }

    /// <summary>What another table, or another budget, would change, to be shown; BTL2xxx when it cannot be planned.</summary>
    public async Task<PreparedChange> PrepareTableAsync(string identity, RoutesFile table, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        return session.Prepare(new PolicyChange.Table(table.Routes, table.Budget));
    }

    /// <summary>Applies a table as it was shown; BTL7103 when anything changed meanwhile.</summary>
    public async Task<ApplyOutcome> ApplyTableAsync(string identity, RoutesFile table, PreparedChange shown, CancellationToken cancellationToken = default)
    {
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        var change = Same(session.Prepare(new PolicyChange.Table(table.Routes, table.Budget)), shown);
        return await session.ApplyAsync(change, new ChangeOrigin { Event = AuditEvents.Edited, Actor = Actor, Question = "the route table, by hand" }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives a run more of its budget, at once: what is granted says all that changes, so that there is nothing to be shown before. BTL7121 for a run that is over, BTL7111 for one that does not run,
    /// BTL2064 to BTL2068 for what would not be more.
    /// </summary>
    public async Task<BudgetExtension> ExtendAsync(string identity, IReadOnlyList<BudgetGrant> grants, CancellationToken cancellationToken = default)
    {
        if (services.Store.Open(identity) is null && Directory.Exists(services.Home.Runs(identity)))
            throw new BottleException(BudgetErrors.RunIsOver(identity));
        using var session = await ApplySession.OpenAsync(services, identity, cancellationToken).ConfigureAwait(false);
        var change = session.Prepare(new PolicyChange.Extend(grants));
        var question = $"more of the budget: {BudgetText.Limits(change.From.Egress!.Budget!.Limits)}; now {BudgetText.Limits(change.To.Egress!.Budget!.Limits)}; until then used: {BudgetText.Used(RunBudget.Of(session.State, change.From, services.Time.GetUtcNow())!)}";
        var outcome = await session.ApplyAsync(change, new ChangeOrigin { Event = AuditEvents.Extended, Actor = Actor, Question = question }, cancellationToken).ConfigureAwait(false);
        return new BudgetExtension(outcome, RunBudget.Of(session.State, change.To, services.Time.GetUtcNow())!);
    }

    /// <summary>How long a question has been waiting. Its time is what the sidecar wrote: one that is still to come is now.</summary>
    public TimeSpan AgeOf(Proposal proposal) => services.Time.GetUtcNow() - proposal.Created is var age && age < TimeSpan.Zero ? TimeSpan.Zero : age;

    /// <summary>What the agent of one bottle asks; looks at no engine, and finishes what a killed command left.</summary>
    public async Task<BottleProposals> LookAsync(StateDirectory state, CancellationToken cancellationToken = default)
    {
        try
        {
            // Not while another command is at it: its journal is no left-over.
            using var session = await ApplySession.TryOpenAsync(services, state.Identity, cancellationToken).ConfigureAwait(false);
            session?.Queue.RemoveDelivered();
            var plan = session?.Plan ?? PlanStore.Read(state) ?? throw new BottleException(ApprovalErrors.NoPlan(state.Identity));
            var queue = new ProposalFolder(state, plan.RunAs);
            var content = queue.Read();
            return new(state.Identity, [.. content.Proposals.Select(p => View(state, plan, queue, p))], content.Unreadable, content.IsCutOff, session?.Recovered);
        }
        catch (BottleException e)
        {
            return new(state.Identity, [], [], false, Problem: e.Diagnostics[0]);
        }
    }

    private ProposalView View(StateDirectory state, BottlePlan plan, ProposalFolder queue, Proposal proposal)
    {
        var view = new ProposalView
        {
            Identity = state.Identity,
            Proposal = proposal,
            Age = AgeOf(proposal),
            Answer = queue.FindAnswer(proposal.Id),
            AlsoAllows = ProposedChange.Of(proposal) is { } asked ? ProposedChange.AlsoAllows(asked) : [],
        };
        if (view.Answer is not null)
            return view;
        try
        {
            if (ProposedChange.Of(proposal) is { } change)
                return view with { Change = ChangePlanner.Prepare(services.Home, state, plan, change) };
            var steps = CapabilityDesk.Show(services.Home, state.Identity, proposal, proposal.Steps ?? [], plan);
            return view with { Hash = steps.ShortHash, Packages = CapabilityText.Packages(steps.Request) };
        }
        catch (BottleException e)
        {
            return view with { Problems = e.Diagnostics };
        }
    }

    /// <summary>The question, when it waits for an answer.</summary>
    private static Proposal Open(ApplySession session, string id)
    {
        var proposal = session.Queue.Find(id) ?? throw new BottleException(ApprovalErrors.NoSuchProposal(session.State.Identity, id));
        return session.Queue.FindAnswer(id) is { } answer ? throw new BottleException(ApprovalErrors.AlreadyAnswered(id, answer.Decision.Name())) : proposal;
    }

    private static PreparedChange Same(PreparedChange now, PreparedChange shown) =>
        now.Diff == shown.Diff ? now : throw new BottleException(ApprovalErrors.DiffChanged(shown.ShortHash, now.ShortHash));
}
