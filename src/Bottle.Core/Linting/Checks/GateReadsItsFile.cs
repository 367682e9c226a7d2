using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>The gate's own reader takes the rendered gate.json, and finds the upstreams of the plan in it.</summary>
internal sealed class GateReadsItsFile : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.GitGate is not { } gate)
            return [];
        try
        {
            var file = GateFileFormat.Read(GitGateRenderer.Render(plan)[0].Text);
            return file.Repositories.Select(r => (r.Name, r.Upstream)).SequenceEqual(gate.Remotes.Select(r => (r.Name, r.Upstream.Url)))
                ? [] : [LintErrors.GateFileUnreadable("other repositories are read than were written")];
        }
        catch (FormatException e)
        {
            return [LintErrors.GateFileUnreadable(e.Message)];
        }
    }
}
