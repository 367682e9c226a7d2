using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Only pipelock asks outside name servers, and only when a route or a git remote leads outside, or one can be granted (attacks.md 26).</summary>
internal sealed class DnsIsClosed : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var played = plan.TestUpstreams.Select(u => u.Host).ToHashSet(StringComparer.Ordinal);
        var needed = plan.Supervise is not null || plan.Egress?.Routes.Any(r => !played.Contains(r.Host)) == true || plan.GitGate?.Remotes.Any(r => r.HostIp is null && !played.Contains(r.Upstream.Host)) == true;
        return compose.Services.Where(s => s.ResolvesOutside && !(s.Name == plan.Pipelock?.Service && needed)).Select(s => LintErrors.DnsIsOpen(s.Name));
    }
}
