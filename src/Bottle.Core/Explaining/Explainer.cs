using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Expectations;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;

namespace Bottle.Core.Explaining;

/// <summary>Says which layer answers what for a request, by which manifest line: from the plan and with egress's own matcher, offline (SPEC N1).</summary>
public static class Explainer
{
    /// <summary>Explains one request in the plan of a bottle; manifests give the lines.</summary>
    public static Explanation Explain(BottleManifest bottle, IReadOnlyList<ProviderManifest> providers, BottlePlan plan, RouteRequest request)
    {
        var decision = new RouteMatcher(plan.Egress?.Routes ?? []).Decide(request);
        var place = decision.Route is { } route ? new RoutePlaces(bottle, providers).Of(route) : null;
        return new Explanation
        {
            Method = request.Method,
            Url = Url(request),
            IsAllowed = decision.IsAllowed,
            Code = decision.Refusal?.Code,
            Layers = decision.IsAllowed ? [.. Allowed(plan, decision.Route!, place, request)] : [.. Denied(plan, decision, place, request)],
            Advice = decision.IsAllowed ? null : Advisor.Of(bottle.File, plan, decision, request),
        };
    }

    private static IEnumerable<ExplainedLayer> Allowed(BottlePlan plan, Route route, SourceSpan? place, RouteRequest request)
    {
        yield return new ExplainedLayer("egress", $"allows it: the route for {Named(route)}", place);
        if (plan.Egress!.Budget is { } budget)
            yield return new ExplainedLayer("budget", $"holds it to {BudgetText.Limits(budget.Limits)} for the whole run; once one is used up, egress denies every request ({DenialCodes.BudgetSpent.Code})");
        yield return new ExplainedLayer("credential", Credential(plan.Egress, route));
        if (route.Provider is { } policy)
        {
            var opened = policy.ServerTools.Concat(policy.Betas).ToList();
            yield return new ExplainedLayer("provider", "reads the request, and refuses what would make the provider itself fetch something" + (opened.Count == 0 ? "" : $", but for {string.Join(", ", opened)}"));
        }

        yield return new ExplainedLayer("pipelock", Pipelock(plan, request));
        yield return new ExplainedLayer("upstream", plan.TestUpstreams.FirstOrDefault(upstream => upstream.Host == request.Authority.Host) is { } stand
            ? $"is a container of {stand.Image}, a TEST UPSTREAM, not the real host" : $"is {request.Authority}, over {(request.Scheme == RequestScheme.Http ? "plain HTTP" : "TLS")}");
    }

    private static IEnumerable<ExplainedLayer> Denied(BottlePlan plan, RouteDecision decision, SourceSpan? place, RouteRequest request)
    {
        yield return new ExplainedLayer("egress", plan.Egress is null ? "is not there: the bottle has no route, and no way out" : $"denies it ({decision.Refusal!.Code}): {decision.Reason}", place);
        if (decision.Refusal == DenialCodes.GitPush)
            yield return new ExplainedLayer("git-gate", GitGate(plan, request));
        else if (plan.Pipelock is not null)
            yield return new ExplainedLayer("pipelock", $"is not asked; by itself it {Pipelock(plan, request)}");
    }

    private static string Credential(EgressPlan egress, Route route)
    {
        var own = route.ClientAuthPasses ? "what the agent itself sends passes" : "what the agent itself sends is removed";
        return route.Auth is { } auth
            ? $"egress sets '{auth.Header}' ({RoutesRenderer.Scheme(auth.Scheme)}) from {PlanViews.Credential(egress, route)} ({auth.TokenEnv}); {own}"
            : $"egress sets none; {own}";
    }

    private static string Pipelock(BottlePlan plan, RouteRequest request)
    {
        var pipelock = plan.Pipelock!;
        var host = request.Authority.Host;
        if (pipelock.Allowlist.FirstOrDefault(pattern => Matches(pattern, host, apex: true)) is not { } allowed)
            return "refuses the host: no entry of its allowlist names it";
        return pipelock.Passthrough.FirstOrDefault(pattern => Matches(pattern, host, apex: false)) is { } through
            ? $"lets '{allowed}' through and reads nothing of it (passthrough '{through}': inspect is false)"
            : $"lets '{allowed}' through, and reads bodies and headers for secrets";
    }

    // Its allowlist takes a wildcard's apex too, its passthrough does not (facts of pipelock 2.3).
    private static bool Matches(string pattern, string host, bool apex) =>
        pattern == host || (pattern.StartsWith("*.", StringComparison.Ordinal) && (host.EndsWith(pattern[1..], StringComparison.Ordinal) || (apex && host == pattern[2..])));

    private static string GitGate(BottlePlan plan, RouteRequest request)
    {
        if (plan.GitGate is not { } gate)
            return "is not there: the bottle declares no repository under 'git', so nothing can be pushed";
        var asked = $"https://{request.Authority.Host}{request.Path.Text}";
        var remote = gate.Remotes.FirstOrDefault(remote => remote.Upstream.Spellings.Any(spelling => asked.StartsWith(spelling, StringComparison.Ordinal)));
        return remote is null ? $"takes no push for it; declared are {string.Join(", ", gate.Remotes.Select(other => other.Upstream.Url))}"
            : $"takes the push: plain 'git push' is led to {remote.Url}; allowed: {PlanViews.Push(remote)} ({remote.Source})";
    }

    private static string Named(Route route) =>
        $"'{PlanViews.HostAndPorts(route)}' allows {string.Join(' ', route.Methods ?? ["any method"])} on {string.Join(' ', route.PathAllowlist ?? ["every path"])}";

    /// <summary>A request's URL as it is judged and forwarded.</summary>
    internal static string Url(RouteRequest request) =>
        $"{request.Scheme.Text()}://{request.Authority.ToHeader(request.Scheme)}{request.Path.Text}{(request.Query is { } query ? $"?{query}" : "")}";
}
