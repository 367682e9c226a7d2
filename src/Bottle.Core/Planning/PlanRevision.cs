using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Expectations;
using Bottle.Core.Linting;
using Bottle.Core.Rendering;

namespace Bottle.Core.Planning;

/// <summary>Plans a change of a bottle that runs (SPEC K1): the plan in force and a change in, the next revision out. What a container is started with stays as it is, but for pipelock where a reload cannot do it. Pure.</summary>
public static class PlanRevision
{
    /// <summary>The next revision, linted; null when a diagnostic is an error, also when the change would change nothing (BTL2052).</summary>
    public static PlanResult Next(BottlePlan current, PolicyChange change)
    {
        if (current.Egress is not { } egress || current.Pipelock is not { } pipelock)
            return new PlanResult(null, [ChangeErrors.NothingToChangeHere(current.Identity)]);
        var diagnostics = new List<Diagnostic>();
        var budget = BudgetPlanner.Next(egress.Budget, change, diagnostics);
        var routes = Apply(egress, change, budget, diagnostics);
        if (routes is null || diagnostics.Count > 0)
            return new PlanResult(null, diagnostics);
        CheckHosts(current, routes, diagnostics);
        CheckSlots(egress, routes, diagnostics);
        diagnostics.AddRange(RevisionExpectations.Broken(current.Expectations, egress.Routes, routes));

        var revision = current.Revision + 1;
        var fitted = PipelockPlanner.Fit(pipelock, routes, current.GitGate, current.TestUpstreams, current.Supervise is not null);
        PipelockPlanner.CheckStandIn(fitted, isError: true, diagnostics);
        if (diagnostics.Count > 0)
            return new PlanResult(null, diagnostics);
        var next = current with
        {
            Revision = revision,
            Egress = egress with { Routes = routes, Budget = budget },
            Pipelock = PipelockChanges.Between(pipelock, fitted) == PipelockChange.Replace ? fitted with { Instance = revision } : fitted,
        };
        diagnostics.AddRange(PlanLinter.Lint(next));
        return new PlanResult(diagnostics.Exists(d => d.Severity == Severity.Error) ? null : next, diagnostics);
    }

    private static IReadOnlyList<Route>? Apply(EgressPlan egress, PolicyChange change, BudgetPlan? budget, List<Diagnostic> diagnostics) => change switch
    {
        PolicyChange.Add add => IsReadable([add.Route], diagnostics) ? RoutePlacement.Add(egress.Routes, InWholeSeconds(add.Route), diagnostics) : null,
        PolicyChange.StopInspecting stop => StopInspecting(egress.Routes, stop.Host, diagnostics),
        PolicyChange.Table table when !IsReadable(table.Routes, diagnostics) => null,
        PolicyChange.Table table when budget != egress.Budget => [.. table.Routes.Select(InWholeSeconds)],
        PolicyChange.Table table => Changed(egress.Routes, [.. table.Routes.Select(InWholeSeconds)], "the table is the one in force", diagnostics),
        PolicyChange.Extend => egress.Routes,
        PolicyChange.EndLeases end => Changed(
            egress.Routes, [.. egress.Routes.Where(r => r.Lease is not { } lease || !end.LeaseIds.Contains(lease.Id))], "no route has one of these leases", diagnostics),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name),
    };

    private static IReadOnlyList<Route>? Changed(IReadOnlyList<Route> before, IReadOnlyList<Route> after, string otherwise, List<Diagnostic> diagnostics)
    {
        if (!before.SequenceEqual(after, SameRoute.Instance))
            return after;
        diagnostics.Add(ChangeErrors.ChangesNothing(otherwise));
        return null;
    }

    private static List<Route>? StopInspecting(IReadOnlyList<Route> routes, string host, List<Diagnostic> diagnostics)
    {
        var meant = routes.Where(r => EgressPlanner.Overlap(r.Host, host)).ToList();
        if (meant.Count == 0)
            diagnostics.Add(ChangeErrors.NoRouteFor(host));
        else if (!meant.Exists(r => r.Inspect))
            diagnostics.Add(ChangeErrors.ChangesNothing($"bodies to '{InertText.Excerpt(host)}' are not inspected already"));
        return diagnostics.Count > 0 ? null : [.. routes.Select(r => meant.Contains(r) ? r with { Inspect = false } : r)];
    }

    // As routes.yaml has it.
    private static Route InWholeSeconds(Route route) => route.Lease is { Until: { } until } lease
        ? route with { Lease = lease with { Until = new DateTimeOffset(until.UtcTicks - (until.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) } }
        : route;

    // Egress's own reader has the last word on what a route can be.
    private static bool IsReadable(IReadOnlyList<Route> routes, List<Diagnostic> diagnostics)
    {
        var text = RoutesRenderer.Write(new RoutesFile { Generation = 0, Routes = routes });
        diagnostics.AddRange(RoutesReader.Read(text).Problems.Select(problem => ChangeErrors.RouteUnusable(problem.Message)).Distinct());
        return diagnostics.Count == 0;
    }

    // Pipelock decides by host alone whether it reads bodies.
    private static void CheckHosts(BottlePlan current, IReadOnlyList<Route> routes, List<Diagnostic> diagnostics)
    {
        for (var later = 1; later < routes.Count; later++)
        {
            if (routes.Take(later).FirstOrDefault(r => r.Inspect != routes[later].Inspect && EgressPlanner.Overlap(r.Host, routes[later].Host)) is { } other)
                diagnostics.Add(ChangeErrors.InspectionDiffers(routes[later], other));
        }
        foreach (var remote in current.GitGate?.Remotes ?? [])
        {
            if (routes.FirstOrDefault(r => r.Inspect && EgressPlanner.Overlap(r.Host, remote.Upstream.Host)) is { } route)
                diagnostics.Add(ChangeErrors.GitHostInspected(route, remote.Name));
        }
    }

    private static void CheckSlots(EgressPlan egress, IReadOnlyList<Route> routes, List<Diagnostic> diagnostics)
    {
        var slots = egress.Tokens.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        diagnostics.AddRange(routes.Where(r => r.Auth is { } auth && !slots.Contains(auth.TokenEnv)).Select(r => ChangeErrors.UnknownSlot(r.Auth!.TokenEnv, r.Host, slots)));
    }
}
