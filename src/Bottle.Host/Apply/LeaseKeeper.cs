using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>Makes the revision that removes routes whose leases have ended (SPEC N3: egress enforces them by itself, the table follows), and finishes what a killed command left. For the process that has the run.</summary>
public sealed class LeaseKeeper(ApplyServices services, StateDirectory state)
{
    // Asking costs a process in egress's container, and nothing depends on a quick answer.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private DateTimeOffset nextQuestion;
    private DateTimeOffset nextAttempt;

    /// <summary>One round: what it did, one line, or null when there was nothing to do or it was another's turn.</summary>
    /// <exception cref="BottleException">It did not succeed; the next rounds leave it alone for a minute.</exception>
    public async Task<string?> TendAsync(CancellationToken cancellationToken)
    {
        if (services.Time.GetUtcNow() < nextAttempt)
            return null;
        try
        {
            return await AttemptAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BottleException)
        {
            nextAttempt = services.Time.GetUtcNow() + AfterFailure;
            throw;
        }
    }

    private async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        var isPending = ApplySession.IsPending(state);
        var ended = PlanStore.Read(state) is { } plan ? await EndedAsync(plan, cancellationToken).ConfigureAwait(false) : [];
        if (ended.Count == 0 && !isPending)
            return null;
        using var session = await ApplySession.TryOpenAsync(services, state.Identity, cancellationToken).ConfigureAwait(false);
        if (session is null)
            return null;
        // Since the look another command may have ended them.
        ended = [.. ended.Where(Leases(session.Plan).Select(lease => lease.Id).Contains)];
        if (ended.Count > 0)
        {
            var change = session.Prepare(new PolicyChange.EndLeases(ended.ToHashSet(StringComparer.Ordinal)));
            await session.ApplyAsync(change, new ChangeOrigin { Event = AuditEvents.LeaseEnded, Actor = "bottle", Question = $"ended: {string.Join(", ", ended)}" }, cancellationToken).ConfigureAwait(false);
        }
        return string.Join("; ", new[] { session.Recovered?.ToString(), ended.Count > 0 ? $"revision {session.Plan.Revision}: leases ended: {string.Join(", ", ended)}" : null }.OfType<string>()) is { Length: > 0 } done ? done : null;
    }

    private async Task<IReadOnlyList<string>> EndedAsync(BottlePlan plan, CancellationToken cancellationToken)
    {
        var now = services.Time.GetUtcNow();
        var leases = Leases(plan).ToList();
        var ended = leases.Where(lease => lease.Until <= now).Select(lease => lease.Id).ToHashSet(StringComparer.Ordinal);
        if (leases.Exists(lease => lease.Uses is not null) && now >= nextQuestion)
        {
            nextQuestion = now + BetweenQuestions;
            ended.UnionWith(await new EgressControl(services.Engine, plan, services.Limits).EndedLeasesAsync(cancellationToken).ConfigureAwait(false) ?? new HashSet<string>());
        }
        return [.. leases.Select(lease => lease.Id).Where(ended.Contains).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<RouteLease> Leases(BottlePlan plan) => plan.Egress?.Routes.Select(route => route.Lease).OfType<RouteLease>() ?? [];
}
