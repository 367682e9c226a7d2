using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;

namespace Bottle.Core.Explaining;

/// <summary>Says what would let a denied request through: the narrowest route, which must fit those that are there.</summary>
internal static class Advisor
{
    public static Advice Of(LaunchRequest launch, BottlePlan plan, RouteDecision decision, RouteRequest request)
    {
        if (decision.Refusal == DenialCodes.GitPush)
            return new Advice("No route lets a push through; declare the repository under 'git', and plain 'git push' goes through the gate.", null, []);
        var narrow = NarrowRoute.For(new ProposedRequest(request.Method, Explainer.Url(request)));
        if (narrow.Route is not { } route)
            return new Advice($"No route can let it through: {narrow.Problem}.", null, []);
        // Pipelock decides by host alone: routes that share one must agree.
        var neighbours = (plan.Egress?.Routes ?? []).Where(other => EgressPlanner.Overlap(other.Host, route.Host)).ToList();
        if (neighbours.Count > 0)
            route = route with { Inspect = neighbours[0].Inspect };
        var credential = decision.Route?.Auth is { } auth ? $" It would go without {auth.TokenEnv}: to send that credential too, widen the route at {decision.Route.Source} instead." : "";
        return new Advice($"To allow exactly this, add to egress.routes in {launch.Bottle.File}.{credential}", Lines(route), NarrowRoute.AlsoAllows(route));
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
