using System.Diagnostics;
using System.Globalization;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Host.Apply;

/// <summary>The steps of a change, for the holder of the run's <c>apply.lock</c>. Until <c>plan.json</c> is exchanged everything can be put back; from then on everything that is left is done, by this process or by the next.</summary>
internal sealed class ChangeApplier(ApplyServices services, StateDirectory state, ProposalFolder queue)
{
    private const string ForTheAgent = "the change could not be put in force; the routes are as they were. The operator knows why";

    /// <summary>Applies a change, or puts back what it had begun.</summary>
    public async Task<ApplyOutcome> ApplyAsync(PreparedChange change, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var live = new LiveChange(services, state, change.From);
        // Before anything changes: without an egress that answers nothing could be confirmed.
        var before = await live.BeginAsync(change.To, cancellationToken).ConfigureAwait(false);
        var journal = ApplyJournal.Of(state, change, origin);
        journal.Write(state);
        try
        {
            await DecideAsync(journal, cancellationToken).ConfigureAwait(false);
            await live.ForwardAsync(journal, change.To, before, cancellationToken).ConfigureAwait(false);
            PlanStore.Write(state, change.To);
        }
        catch (Exception e) when (e is BottleException or OperationCanceledException or IOException)
        {
            var reason = await PutBackAsync(live, journal, change.From, Reason(e)).ConfigureAwait(false);
            throw new BottleException(ApplyErrors.NotApplied(state.Identity, change.From.Revision, reason), e);
        }
        var took = await ConcludeAsync(journal, clock).ConfigureAwait(false);
        var drained = await live.FinishAsync(journal, change.To, cancellationToken).ConfigureAwait(false);
        ApplyJournal.Delete(state);
        return new ApplyOutcome(change, took, drained);
    }

    /// <summary>Finishes what a killed command left: the new revision when its plan is in force, else the old one is put back. Where the run was started anew since, its files are already those of its plan.</summary>
    public async Task<Recovery> RecoverAsync(ApplyJournal journal, BottlePlan plan, CancellationToken cancellationToken)
    {
        var live = new LiveChange(services, state, plan);
        if (plan.Revision == journal.To)
        {
            if (!services.Audit.HasRecorded(state.Identity, AuditEvents.Applied, InForce(journal)))
                await ConcludeAsync(journal, Stopwatch.StartNew()).ConfigureAwait(false);
            await live.FinishAsync(journal, plan, cancellationToken).ConfigureAwait(false);
            ApplyJournal.Delete(state);
            return new Recovery(state.Identity, journal.To, Completed: true, journal.Origin.ProposalId);
        }
        const string ended = "the command that applied it was ended";
        if (journal.IsOfThisPlan(state))
            await PutBackAsync(live, journal, plan, ended).ConfigureAwait(false);
        else
            await GiveUpAsync(journal, $"{ended}, and the run was started anew").ConfigureAwait(false);
        return new Recovery(state.Identity, journal.From, Completed: false, journal.Origin.ProposalId);
    }

    private async Task DecideAsync(ApplyJournal journal, CancellationToken cancellationToken)
    {
        var origin = journal.Origin;
        await services.Audit.AppendAsync(state.Identity, origin.Event, origin.Actor, origin.Question,
            Text($"{(origin.Changed ? "granted otherwise than asked" : "granted")}{(origin.Lease is { } lease ? $", lease {lease}" : "")}, diff {journal.DiffSha256}"), cancellationToken).ConfigureAwait(false);
        Answer(journal, origin.Changed ? AnswerDecision.ApprovedWithChanges : AnswerDecision.Approved, origin.Granted);
    }

    /// <summary>The new revision counts: the one who asked is told, then it is recorded.</summary>
    private async Task<TimeSpan> ConcludeAsync(ApplyJournal journal, Stopwatch clock)
    {
        Answer(journal, AnswerDecision.Applied, journal.Origin.Granted);
        var took = clock.Elapsed;
        await services.Audit.AppendAsync(state.Identity, AuditEvents.Applied, journal.Origin.Actor, Text($"revision {journal.From}"), $"{InForce(journal)}\n{journal.Diff}", CancellationToken.None).ConfigureAwait(false);
        return took;
    }

    /// <summary>Returns the reason, with what going back took.</summary>
    private async Task<string> PutBackAsync(LiveChange live, ApplyJournal journal, BottlePlan plan, string reason)
    {
        try
        {
            await live.BackAsync(journal, plan).ConfigureAwait(false);
        }
        catch (BottleException e)
        {
            // The journal stays: the next command tries again.
            throw new BottleException(ApplyErrors.NotRestored(state.Identity, journal.From, reason, WithStartedAnew(Reason(e), journal)), e);
        }
        var whole = WithStartedAnew(reason, journal);
        await GiveUpAsync(journal, whole).ConfigureAwait(false);
        return whole;
    }

    private async Task GiveUpAsync(ApplyJournal journal, string reason)
    {
        Answer(journal, AnswerDecision.Failed, ForTheAgent);
        await services.Audit.AppendAsync(state.Identity, AuditEvents.Failed, journal.Origin.Actor, Text($"revision {journal.To}, diff {journal.DiffSha256}"), Text($"revision {journal.From} stays: {reason}"), CancellationToken.None).ConfigureAwait(false);
        ApplyJournal.Delete(state);
    }

    private void Answer(ApplyJournal journal, AnswerDecision decision, string? reason)
    {
        if (journal.Origin.ProposalId is not { } id)
            return;
        queue.Write(new Answer
        {
            V = Contracts.Supervision.Answer.CurrentVersion,
            Id = id,
            Decision = decision,
            Reason = reason,
            Lease = journal.Origin.Lease,
            DiffSha256 = journal.DiffSha256,
            Changed = journal.Origin.Changed,
        });
    }

    private static string WithStartedAnew(string reason, ApplyJournal journal) =>
        string.Join('\n', journal.StartedAnew.Select(service => Text($"{service} did not confirm revision {journal.From} either, and was started anew")).Prepend(reason));

    private static string InForce(ApplyJournal journal) => Text($"revision {journal.To}");

    private static string Reason(Exception e) => e is BottleException bottle
        ? string.Join('\n', bottle.Diagnostics.Select(d => d.Why is { } why ? $"{d.Message}: {why}" : d.Message))
        : e is OperationCanceledException ? "the command was interrupted" : e.Message;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
