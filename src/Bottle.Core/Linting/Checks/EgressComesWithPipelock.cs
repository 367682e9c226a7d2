using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Egress or the git-gate, pipelock, relay and the egress network are there together or not at all (SPEC D10); a table without routes is a running bottle's, or one's that can be given some.</summary>
internal sealed class EgressComesWithPipelock : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        bool[] present = [plan.Egress is not null || plan.GitGate is not null, plan.Pipelock is not null, plan.Networks.Relay is not null, plan.Networks.Egress is not null];
        if ((present.Contains(true) && present.Contains(false)) || (plan.TestUpstreams.Count > 0 && plan.Pipelock is null) || (plan is { Egress.Routes.Count: 0, Supervise: null, Revision: 1 }) || plan.GitGate is { Remotes.Count: 0 })
            yield return LintErrors.EgressWithoutPipelock();
    }
}
