using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Egress's own reader takes the rendered routes.yaml and finds the very same routes in it: a file that it refused would leave the bottle without a table.</summary>
internal sealed class EgressReadsTheRoutes : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.Egress is not { } egress)
            yield break;
        var read = RoutesReader.Read(RoutesRenderer.Render(plan)[0].Text);
        foreach (var problem in read.Problems)
            yield return LintErrors.RoutesUnreadable(problem.ToString());
        if (read.File is { } file && (file.Generation != plan.Revision || !file.Routes.SequenceEqual(egress.Routes, SameRoute.Instance)))
            yield return LintErrors.RoutesUnreadable("other routes are read than were written");
        if (read.File is { } table && table.Pipelock != (plan.Pipelock is { Instance: > 1 } replaced ? replaced.Service : null))
            yield return LintErrors.RoutesUnreadable("another pipelock is read than the one that runs");
    }
}
