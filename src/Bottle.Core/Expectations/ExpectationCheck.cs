using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Core.Expectations;

/// <summary>Holds a manifest's <c>expect</c> against the route table of its plan, by the matcher that egress uses (SPEC A11).</summary>
public static class ExpectationCheck
{
    /// <summary>What does not hold, in the order written.</summary>
    public static IEnumerable<Diagnostic> Check(LaunchRequest request, EgressPlan? egress)
    {
        if (request.Bottle.Expectations.Count == 0)
            return [];
        var routes = egress?.Routes ?? [];
        var matcher = new RouteMatcher(routes);
        var places = new RoutePlaces(request.Bottle, request.Providers);
        var hasUnknownHosts = routes.Any(route => PresetPlanner.IsNowhere(route.Host));
        return request.Bottle.Expectations.Select(expectation => Check(expectation, matcher.Decide(expectation.Request), places, hasUnknownHosts)).OfType<Diagnostic>();
    }

    private static Diagnostic? Check(ExpectationManifest expectation, RouteDecision decision, RoutePlaces places, bool hasUnknownHosts)
    {
        if (expectation.IsAllowed == decision.IsAllowed)
            return null;
        var place = decision.Route is { } route ? places.Of(route) : null;
        if (decision.IsAllowed)
            return ExpectationErrors.NotDenied(expectation, decision.Route!.Host, place);
        return hasUnknownHosts && decision.Refusal == DenialCodes.HostNotListed
            ? ExpectationErrors.CannotTell(expectation)
            : ExpectationErrors.NotAllowed(expectation, decision.Reason, place);
    }
}
