using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Every slot that a route names is filled, once, and no secret is fetched at launch that no route needs; a change may leave one unused.</summary>
internal sealed class SlotsFitRoutes : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var used = plan.Egress?.Routes.Select(r => r.Auth?.TokenEnv).OfType<string>().ToHashSet(StringComparer.Ordinal) ?? [];
        var filled = plan.Egress?.Tokens.Select(t => t.Name).ToList() ?? [];
        var twice = filled.GroupBy(name => name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
        return used.Except(filled).Concat(plan.Revision == 1 ? filled.Except(used) : []).Concat(twice).Select(LintErrors.SlotsDiffer);
    }
}
