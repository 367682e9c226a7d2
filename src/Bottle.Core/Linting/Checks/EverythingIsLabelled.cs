using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Containers and networks carry identity, service and home: teardown has nothing else to go by (SPEC D12).</summary>
internal sealed class EverythingIsLabelled : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        foreach (var service in compose.Services)
            foreach (var missing in Missing(plan, service.Name, service.Labels))
                yield return missing;
        foreach (var network in compose.Networks)
            foreach (var missing in Missing(plan, network.Key, network.Labels))
                yield return missing;
    }

    private static IEnumerable<Diagnostic> Missing(BottlePlan plan, string name, IReadOnlyList<ComposeEntry> labels)
    {
        ComposeEntry[] wanted = [new(BottleNames.HomeLabel, plan.HomeHash), new(BottleNames.IdentityLabel, plan.Identity), new(BottleNames.ServiceLabel, name)];
        return wanted.Where(label => !labels.Contains(label)).Select(label => LintErrors.LabelMissing(name, label.Key));
    }
}
