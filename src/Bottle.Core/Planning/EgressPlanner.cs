using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Decides what the agent may reach: the route table with the provider's routes folded in, and the token slots (SPEC A6, A9).</summary>
internal static class EgressPlanner
{
    /// <summary>Egress, or null when there is no route at all (SPEC D10) and none can be granted.</summary>
    public static EgressPlan? Plan(LaunchRequest request, HostFacts facts, ChosenProvider? provider, List<Diagnostic> diagnostics)
    {
        // The provider's first: an exact host must not lose its credential to a wildcard of the manifest.
        // Presets last: what a person wrote for a registry's host goes before the set's.
        List<RouteManifest> manifests = [.. WithCredential(provider), .. request.Bottle.Routes, .. PresetPlanner.Expand(request, facts, diagnostics)];
        CheckProviderPolicy(request, manifests, diagnostics);
        if (manifests.Count == 0 && !request.Bottle.Supervise)
        {
            if (request.Bottle.Budget is { } budget)
                diagnostics.Add(BudgetErrors.NothingToLimit(budget.Where));
            return null;
        }
        CheckInspection(manifests, diagnostics);
        CheckSecrets(request, facts, diagnostics);
        var slots = new TokenSlots();
        IReadOnlyList<Route> routes = [.. manifests.Select(r => ToRoute(r, request.Bottle.ProviderPolicy, slots))];
        return new EgressPlan
        {
            Image = facts.Images.Egress,
            Routes = routes,
            Budget = BudgetPlanner.Plan(request.Bottle.Budget, routes, diagnostics),
            Tokens = slots.All,
            TokensDirectory = facts.TokensDirectory,
            Limits = Limits.Egress.Within(facts.Cpus),
        };
    }

    private static IEnumerable<RouteManifest> WithCredential(ChosenProvider? provider) =>
        provider?.Routes.Select(r => provider.Credential is { } credential ? r with { Auth = credential.Auth } : r) ?? [];

    private static Route ToRoute(RouteManifest route, ProviderPolicy policy, TokenSlots slots)
    {
        return new Route
        {
            Host = route.Host.Value,
            Ports = route.Ports,
            PathAllowlist = route.Paths,
            Methods = route.Methods,
            Inspect = route.Inspect,
            WebSocket = route.WebSocket,
            ClientAuthPasses = route.ClientAuthPasses,
            Auth = route.Auth is { } auth
                ? new RouteAuth { Scheme = auth.Scheme, Header = auth.Header, TokenEnv = slots.For(auth.Token) }
                : null,
            Provider = route.ModelApi ? policy : null,
            Source = Source(route),
        };
    }

    // The provider's own variables are checked where the credential is chosen.
    private static void CheckSecrets(LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        foreach (var token in request.Bottle.Routes.Select(r => r.Auth?.Token).OfType<Located<SecretRef>>())
        {
            if (token.Value is SecretRef.Environment { Name: var name } && !facts.Variables.Contains(name))
                diagnostics.Add(PlanErrors.HostVariableMissing(name, "a route takes its credential from it", token.Where, request.HostIsRequired));
            else if (token.Value is SecretRef.File { Path: var path } && !facts.ReadableFiles.Contains(path))
                diagnostics.Add(PlanErrors.SecretFileMissing(token, path, request.HostIsRequired));
        }
    }

    private static void CheckProviderPolicy(LaunchRequest request, List<RouteManifest> manifests, List<Diagnostic> diagnostics)
    {
        var opened = request.Bottle.ProviderPolicy.ServerTools.Concat(request.Bottle.ProviderPolicy.Betas).ToList();
        if (opened.Count > 0 && !manifests.Exists(r => r.ModelApi))
            diagnostics.Add(PlanErrors.ProviderPolicyWithoutModelApi(opened, request.Bottle.Provider?.Where));
    }

    private static void CheckInspection(List<RouteManifest> routes, List<Diagnostic> diagnostics)
    {
        for (var later = 1; later < routes.Count; later++)
        {
            var route = routes[later];
            var other = routes.Take(later).FirstOrDefault(r => r.Inspect != route.Inspect && Overlap(r.Host.Value, route.Host.Value));
            if (other is not null)
                diagnostics.Add(PlanErrors.InspectConflict(
                    route.Host.Value, Source(route), other.Host.Value, Source(other), route.Where));
        }
    }

    /// <summary>Whether some host matches both patterns; a wildcard counts at every depth.</summary>
    internal static bool Overlap(string one, string other) => one == other || Covers(one, other) || Covers(other, one);

    private static bool Covers(string wildcard, string host) =>
        wildcard.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(wildcard[1..], StringComparison.Ordinal);

    private static string Source(RouteManifest route) => route.Preset is { } preset ? $"{Line(route.Where)} ({preset})" : Line(route.Where);

    /// <summary>A place as <see cref="Route.Source"/> begins with it: <c>bottles/dev.md:14</c>.</summary>
    internal static string Line(SourceSpan where) => string.Create(CultureInfo.InvariantCulture, $"{where.File}:{where.Line}");
}
