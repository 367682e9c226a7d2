using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Core.Expectations;

/// <summary>
/// Holds a bottle's <c>expect</c> against a table that is to follow the one in force (SPEC A11). A lease is no ground to stand on: what must be allowed has to be so when every lease has ended,
/// and what must be denied while every one is in force. So no table is ever refused because a lease ended by itself, unless the manifest's own routes had given way to it.
/// </summary>
internal static class RevisionExpectations
{
    /// <summary>What holds now and would not any more, in the order written. What did not hold before (a preset's host that nobody knew) is not the change's doing.</summary>
    public static IEnumerable<Diagnostic> Broken(IReadOnlyList<ExpectationPlan> expectations, IReadOnlyList<Route> now, IReadOnlyList<Route> next)
    {
        if (expectations.Count == 0)
            return [];
        var (before, after) = (new RouteMatcher(now), new RouteMatcher(next));
        return expectations.Select(expectation => Find(expectation, before, after)).OfType<Diagnostic>();
    }

    private static Diagnostic? Find(ExpectationPlan expectation, RouteMatcher before, RouteMatcher after)
    {
        if (!RequestLine.TryParse(expectation.Text, defaultMethod: null, out var request, out _) || before.Decide(request) is var held && held.IsAllowed != expectation.IsAllowed)
            return null;
        var then = after.Decide(request, _ => expectation.IsAllowed ? LeaseState.Ended : LeaseState.InForce);
        return then.IsAllowed == expectation.IsAllowed ? null
            : expectation.IsAllowed ? ExpectationErrors.NoLongerAllowed(expectation, held.Route!, then.Reason)
            : ExpectationErrors.NoLongerDenied(expectation, then.Route!);
    }
}
