using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Workspaces;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>
/// Takes home what the agent changed in its copied directory, before anything is removed and however the run ended (SPEC E4, N9): a patch among the run's records. When that fails, the run's state with the
/// agent's files is kept and named.
/// </summary>
[TaskDescription("Saves what the agent changed in its copy of the folder, as a patch")]
internal sealed class SaveWork : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.OwnedByTeardown() is not { } state)
        {
            if (context.Arguments.Bottle is { } unknown) throw context.IsMissing(unknown);
            return;
        }
        try
        {
            // Not cancelled by the signal that ended the run: what is not saved now would be lost.
            var saved = await new WorkSaver(context.Home, context.Engine, TimeProvider.System).SaveAsync(state, CancellationToken.None);
            if (saved is null) return;
            WorkSummary.Say(context, state.Identity, saved);
            WorkSaver.RequireWhole(state, saved);
        }
        catch (BottleException)
        {
            state.Preserve("its agent's work is not saved, or not all of it");
            throw;
        }
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["save what the agent changed in its copy of the folder to runs/<identity>/work.patch"];
}
