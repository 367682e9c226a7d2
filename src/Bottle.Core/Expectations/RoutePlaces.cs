using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Core.Expectations;

/// <summary>Finds the manifest's place of a planned route: the bottle's own, the provider's, or the preset's.</summary>
internal sealed class RoutePlaces(BottleManifest bottle, IReadOnlyList<ProviderManifest> providers)
{
    private readonly Dictionary<string, SourceSpan> byLine = bottle.Routes.Concat(providers.SelectMany(provider => provider.Routes)).Select(route => route.Where)
        .Concat(bottle.Presets.Select(preset => preset.Where))
        .DistinctBy(EgressPlanner.Line).ToDictionary(EgressPlanner.Line, StringComparer.Ordinal);

    /// <summary>The place, or null when the route comes from nowhere in the manifests.</summary>
    public SourceSpan? Of(Route route) => route.Source is { } source ? byLine.GetValueOrDefault(source.Split(" (", 2)[0]) : null;
}
