using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Pipelock lets the hosts of routes and git remotes pass, reads all that are to be inspected, and reaches no private address but those of test upstreams and <c>host_ip</c> (SPEC G1).</summary>
internal sealed class PipelockMirrorsRoutes : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.Pipelock is not { } pipelock)
            yield break;
        var routes = plan.Egress?.Routes ?? [];
        var remotes = plan.GitGate?.Remotes ?? [];
        var git = remotes.Select(r => r.Upstream.Host).ToList();
        var hosts = routes.Select(r => r.Host).Concat(git).ToList();
        // Strict mode wants an entry; a name under .invalid is nobody's.
        var mirrors = hosts.Count == 0 ? pipelock.Allowlist is [var nobody] && nobody.EndsWith(".invalid", StringComparison.Ordinal) : pipelock.Allowlist.ToHashSet().SetEquals(hosts);
        if (!mirrors)
            yield return LintErrors.PipelockDiffers("api_allowlist");
        if (!pipelock.Passthrough.ToHashSet().SetEquals(routes.Where(r => !r.Inspect).Select(r => r.Host).Concat(git)))
            yield return LintErrors.PipelockDiffers("passthrough_domains");
        if (!pipelock.AllowedAddresses.ToHashSet().SetEquals(plan.TestUpstreams.Select(u => u.Address).Concat(remotes.Select(r => r.HostIp).OfType<string>()).Select(address => address + "/32")))
            yield return LintErrors.PipelockDiffers("ssrf.ip_allowlist");
    }
}
