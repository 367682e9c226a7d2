using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;
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

    // Nothing that is rendered tells it: the engine would refuse to mount what is not there.
    protected override Task<string?> LiveReasonAsync(BottleContext context, StageRecord record) =>
        Task.FromResult(Directory.Exists(context.StateToRead![StateLayout.AgentHome]) ? null : "the agent's home is gone");

    protected override IEnumerable<string> WouldDo(BottleContext context) => base.WouldDo(context).Append($"make {StateLayout.AgentHome}, the agent's home");

    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => [.. AgentRenderer.Render(plan), .. GitConfigRenderer.Render(plan)];
}
