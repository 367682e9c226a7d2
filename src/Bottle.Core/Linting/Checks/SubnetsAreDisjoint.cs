using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>No two networks of a run share an address.</summary>
internal sealed class SubnetsAreDisjoint : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        for (var later = 0; later < compose.Networks.Count; later++)
        {
            var one = compose.Networks[later].Subnet;
            if (!Ipv4Network.TryParse(one, out var network))
            {
                yield return LintErrors.SubnetsOverlap(one, "nothing");
                continue;
            }

            foreach (var other in compose.Networks.Take(later).Select(n => n.Subnet))
            {
                if (Ipv4Network.TryParse(other, out var before) && before.Overlaps(network))
                    yield return LintErrors.SubnetsOverlap(other, one);
            }
        }
    }
}
