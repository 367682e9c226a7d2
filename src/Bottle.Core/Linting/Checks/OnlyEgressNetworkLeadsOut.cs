using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>internal and relay lead nowhere.</summary>
internal sealed class OnlyEgressNetworkLeadsOut : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose) =>
        compose.Networks.Where(n => !n.Internal && n.Key != "egress").Select(n => LintErrors.NetworkIsOpen(n.Key));
}
