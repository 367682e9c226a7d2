using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Pipelock lets the routes' hosts pass, reads all of them that are to be inspected, and reaches no private address but the test upstreams' (SPEC G1).</summary>
internal sealed class PipelockMirrorsRoutes : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.Pipelock is not { } pipelock || plan.Egress is not { } egress)
            yield break;
        if (!pipelock.Allowlist.ToHashSet().SetEquals(egress.Routes.Select(r => r.Host)))
            yield return LintErrors.PipelockDiffers("api_allowlist");
        if (!pipelock.Passthrough.ToHashSet().SetEquals(egress.Routes.Where(r => !r.Inspect).Select(r => r.Host)))
            yield return LintErrors.PipelockDiffers("passthrough_domains");
        if (!pipelock.AllowedAddresses.ToHashSet().SetEquals(plan.TestUpstreams.Select(u => u.Address + "/32")))
            yield return LintErrors.PipelockDiffers("ssrf.ip_allowlist");
    }
}
