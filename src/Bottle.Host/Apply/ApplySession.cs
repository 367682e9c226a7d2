using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Budgets;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Host.Apply;

/// <summary>
/// The right to change the policy of one run that is up: held by one command at a time, by <c>apply.lock</c>, so that one revision follows another (the run's own lock belongs to the process that started it).
/// Whoever takes it finishes first what a killed command left.
/// </summary>
public sealed class ApplySession : IDisposable
{
    private readonly ApplyServices services;
    private readonly FileLock held;

    private ApplySession(ApplyServices services, FileLock held, StateDirectory state, BottlePlan plan)
    {
        this.services = services;
        this.held = held;
        State = state;
        Plan = plan;
    }

    /// <summary>The run.</summary>
    public StateDirectory State { get; }

    /// <summary>The plan in force.</summary>
    public BottlePlan Plan { get; private set; }

    /// <summary>What was left by a killed command, and is finished; null when nothing was.</summary>
    public Recovery? Recovered { get; private set; }

    /// <summary>Waits for its turn. BTL5008 without such a run, BTL7108 without a plan, BTL7201 when another change does not end, BTL7203 when what a killed command left cannot be finished.</summary>
    public static async Task<ApplySession> OpenAsync(ApplyServices services, string identity, CancellationToken cancellationToken = default)
    {
        var state = services.Store.Open(identity) ?? throw new BottleException(LaunchErrors.NoSuchRun(identity));
        var held = await FileLock.TakeAsync(state[StateLayout.ApplyLock], services.Limits.Turn, cancellationToken).ConfigureAwait(false)
            ?? throw new BottleException(ApplyErrors.Busy(identity));
        return await OpenAsync(services, held, state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same without waiting: null when another command has its turn.</summary>
    public static async Task<ApplySession?> TryOpenAsync(ApplyServices services, string identity, CancellationToken cancellationToken = default)
    {
        var state = services.Store.Open(identity) ?? throw new BottleException(LaunchErrors.NoSuchRun(identity));
        return FileLock.TryTake(state[StateLayout.ApplyLock]) is { } held ? await OpenAsync(services, held, state, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Whether a change is under way in a run, or was cut short.</summary>
    public static bool IsPending(StateDirectory state) => NativeFile.Look(state[StateLayout.ApplyJournal]) is not null;

    /// <summary>Plans and renders a change of the plan in force; BTL2xxx when it cannot be planned. Its warnings name each limit that is reached already.</summary>
    public PreparedChange Prepare(PolicyChange change)
    {
        var prepared = ChangePlanner.Prepare(services.Home, State, Plan, change);
        return prepared with { Warnings = [.. prepared.Warnings, .. SpentAtOnce(prepared)] };
    }

    /// <summary>
    /// Puts a change in force: on disk, in both sidecars, confirmed, answered, recorded; in the order of SPEC G2. When a step fails the old revision is put back, confirmed, and everybody is told (BTL7202, or BTL7203 when that fails too).
    /// </summary>
    public async Task<ApplyOutcome> ApplyAsync(PreparedChange change, ChangeOrigin origin, CancellationToken cancellationToken = default)
    {
        if (!ReferenceEquals(change.From, Plan))
            throw new ArgumentException("The change starts from another plan", nameof(change));
        var outcome = await new ChangeApplier(services, State, Queue).ApplyAsync(change, origin, cancellationToken).ConfigureAwait(false);
        Plan = change.To;
        return outcome;
    }

    /// <summary>The run's questions and answers.</summary>
    public ProposalFolder Queue => new(State, Plan.RunAs);

    /// <summary>Lets the next one in.</summary>
    public void Dispose() => held.Dispose();

    private IEnumerable<Diagnostic> SpentAtOnce(PreparedChange change) =>
        RunBudget.Of(State, change.To, services.Time.GetUtcNow()) is not { } report ? []
            : report.ToLines().Where(pair => pair.Line.State == BudgetState.Spent && change.From.Egress?.Budget?.Limits.Limit(pair.Kind) != pair.Line.Limit)
                .Select(pair => BudgetErrors.SpentAtOnce(pair.Kind.Name(), BudgetText.Amount(pair.Kind, pair.Line.Limit ?? 0), BudgetText.Amount(pair.Kind, pair.Line.Used)));

    private static async Task<ApplySession> OpenAsync(ApplyServices services, FileLock held, StateDirectory state, CancellationToken cancellationToken)
    {
        try
        {
            var session = new ApplySession(services, held, state, Read(state));
            if (ApplyJournal.Read(state) is { } journal)
                session.Recovered = await new ChangeApplier(services, state, session.Queue).RecoverAsync(journal, session.Plan, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch (Exception)
        {
            held.Dispose();
            throw;
        }
    }

    private static BottlePlan Read(StateDirectory state) => PlanStore.Read(state) ?? throw new BottleException(ApprovalErrors.NoPlan(state.Identity));
}
