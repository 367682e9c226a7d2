using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>The agent waits until its sidecars are healthy.</summary>
internal sealed class AgentComesLast : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var healthy = compose.Services.Where(s => s.Name == "agent").SelectMany(s => s.DependsOn).Where(d => d.Healthy).Select(d => d.Service).ToList();
        return compose.Services
            .Where(s => (s.Name is "egress" or "git-gate" or "supervise" || s.Name == plan.Pipelock?.Service) && !(healthy.Contains(s.Name) && s.Healthcheck.Count > 0))
            .Select(s => LintErrors.AgentTooEarly(s.Name));
    }
}
