using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Every container runs as the run's user; root only where a rootless engine makes it the operator.</summary>
internal sealed class EveryoneIsTheRunsUser : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var wanted = plan.RunAs.ToString();
        var halfRoot = (plan.RunAs.Uid == 0) != (plan.RunAs.Gid == 0);
        return compose.Services.Where(s => s.User != wanted || halfRoot).Select(s => LintErrors.WrongUser(s.Name, s.User));
    }
}
