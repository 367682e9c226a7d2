using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;

namespace Bottle.Core.Explaining;

/// <summary>Says what would let a denied request through: the narrowest route, which must fit those that are there.</summary>
internal static class Advisor
{
    public static Advice Of(string file, BottlePlan plan, RouteDecision decision, RouteRequest request)
    {
        if (decision.Refusal == DenialCodes.GitPush)
            return new Advice("No route lets a push through: a repository that is declared under 'git' is pushed to through the gate, by plain 'git push'.", null, []);
        var narrow = NarrowRoute.For(new ProposedRequest(request.Method, Explainer.Url(request)));
        if (narrow.Route is not { } route)
            return new Advice($"No route can let it through: {narrow.Problem}.", null, []);
        // Pipelock decides by host alone: routes that share one must agree.
        var neighbours = (plan.Egress?.Routes ?? []).Where(other => EgressPlanner.Overlap(other.Host, route.Host)).ToList();
        if (neighbours.Find(other => other.Inspect && request.Authority.Port == 80) is { } inspected)
            return new Advice($"No route can let it through: port 80 needs 'inspect: false', and pipelock decides by host; the route at {inspected.Source} is inspected. Ask for https instead.", null, []);
        if (neighbours.Count > 0)
            route = route with { Inspect = neighbours[0].Inspect };
        // The last sentence is about leases, which a manifest has not.
        var besides = NarrowRoute.AlsoAllows(route).SkipLast(1);
        // The lines to add follow, so that the sentence about them is the last one.
        var text = decision.Route?.Auth is { } auth
            ? $"To send {auth.TokenEnv} with it, widen the route at {decision.Route.Source}. To allow exactly this, without that credential, add to egress.routes in {file}:"
            : $"To allow exactly this, add to egress.routes in {file}:";
        return new Advice(text, Lines(route), [.. besides]);
    }

    // What is a default is left out, as a person would.
    private static string Lines(Route route)
    {
        List<string> lines = [$"- host: {route.Host}"];
        if (route.Ports is not [443])
            lines.Add($"  ports: [{string.Join(", ", route.Ports)}]");
        if (route.Methods is not ["GET", "HEAD"])
            lines.Add($"  methods: [{string.Join(", ", route.Methods!)}]");
        lines.Add($"  path_allowlist: [\"{string.Join("\", \"", route.PathAllowlist!.Select(path => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)))}\"]");
        if (!route.Inspect)
            lines.Add("  inspect: false");
        return string.Join('\n', lines) + "\n";
    }
}
