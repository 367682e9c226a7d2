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
        var things = compose.Services.Select(s => (s.Name, s.Labels)).Concat(compose.Networks.Select(n => (Name: n.Key, n.Labels)));
        foreach (var (name, labels) in things)
        {
            KeyValuePair<string, string>[] wanted =
                [new(BottleNames.HomeLabel, plan.HomeHash), new(BottleNames.IdentityLabel, plan.Identity), new(BottleNames.ServiceLabel, name)];
            foreach (var label in wanted.Where(w => !labels.Contains(w)))
                yield return LintErrors.LabelMissing(name, label.Key);
        }
    }
}
