using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>The provider of a launch: its file, the credential that egress sets, and those of its routes that no manifest route replaces.</summary>
internal sealed record ChosenProvider(ProviderManifest Manifest, ProviderCredential? Credential, IReadOnlyList<RouteManifest> Routes);

/// <summary>Folds a provider file into the launch (SPEC A9): by the manifest's <c>provider</c>, else by the agent's command.</summary>
internal static class ProviderPlanner
{
    /// <summary>The value of <c>provider</c> that folds in nothing.</summary>
    private const string None = "none";

    /// <summary>The provider, or null when there is none for this agent.</summary>
    public static ChosenProvider? Choose(LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        if (Find(request, diagnostics) is not { } provider)
            return null;
        // A manifest route for the same host wins whole.
        var replaced = request.Bottle.Routes.Select(r => r.Host.Value).ToHashSet(StringComparer.Ordinal);
        var routes = provider.Routes.Where(r => !replaced.Contains(r.Host.Value)).ToList();
        var credential = provider.Credentials.FirstOrDefault(c => facts.Variables.Contains(c.HostVariable));
        if (credential is null && routes.Count > 0 && provider.Credentials.Count > 0)
        {
            var where = request.Bottle.Provider?.Where ?? request.Agent.Where;
            diagnostics.Add(PlanErrors.ProviderCredentialMissing(provider, where, request.HostIsRequired));
        }
        // Without one the plan shows what would be used first.
        return new ChosenProvider(provider, credential ?? (provider.Credentials.Count > 0 ? provider.Credentials[0] : null), routes);
    }

    private static ProviderManifest? Find(LaunchRequest request, List<Diagnostic> diagnostics)
    {
        if (request.Bottle.Provider is not { } named)
            return request.Providers.FirstOrDefault(p => p.IsFor(request.Agent.Command));
        if (named.Value == None)
            return null;
        var found = request.Providers.FirstOrDefault(p => p.Name == named.Value);
        if (found is null)
            diagnostics.Add(PlanErrors.UnknownProvider(named, request.Providers.Select(p => p.Name).Order(StringComparer.Ordinal)));
        return found;
    }
}
