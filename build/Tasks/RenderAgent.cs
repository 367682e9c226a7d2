using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes what the agent reads: its prompt, its passwd entry, its git configuration; makes its home.</summary>
[TaskDescription("Writes prompt, passwd, gitconfig and what else the agent reads")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderAgent : RenderStage
{
    protected override Task ExecuteAsync(BottleContext context, Launching.StageRun run)
    {
        // Empty, and the agent's own: what was there before stays, so that a resumed agent finds its home.
        context.Launch.Writer.CreateDirectory(StateLayout.AgentHome);
        return base.ExecuteAsync(context, run);
    }

    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => [.. AgentRenderer.Render(plan), .. GitConfigRenderer.Render(plan)];
}
